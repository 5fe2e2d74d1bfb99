import type { ServerOptions } from "@depid/hashserv";
import { DEFAULT_ANONYMOUS, SAFE_ANONYMOUS } from "@depid/hashserv/settings";
import { type Command, Option } from "commander";

/** What the server is to do for whom; the rest is where and how. */
export type ServiceOptions = Required<
  Pick<ServerOptions, "upstream" | "readOnly" | "anonymous" | "admin" | "cleanUnusedCompat" | "shortDepIds">
>;

/** As commander gives them. */
export interface ServiceValues {
  readonly upstream?: string;
  readonly readOnly: boolean;
  readonly anonPerms?: string;
  readonly safeDefaults: boolean;
  readonly adminUser?: string;
  readonly adminPassword?: string;
  readonly cleanUnusedCompat: boolean;
  readonly shortDepids: boolean;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Makes the options known. The environment has the defaults. */
export function addServiceOptions(program: Command, env: Environment): void {
  const add = (flags: string, description: string, fallback: string | undefined | boolean) =>
    program.addOption(new Option(flags, description).default(fallback));
  add("-u, --upstream <address>", "server to ask for what is not found here", env.HASHSERVER_UPSTREAM || undefined);
  add("-r, --read-only", "write nothing to the database", env.HASHSERVER_READ_ONLY === "1");
  add("--anon-perms <permissions>", `what everybody may do (${list(DEFAULT_ANONYMOUS)})`, env.HASHSERVER_ANON_PERMS);
  add(
    "--safe-defaults",
    `what everybody may do, unless told: ${list(SAFE_ANONYMOUS)}`,
    env.HASHSERVER_SAFE_DEFAULTS === "1",
  );
  add("--admin-user <name>", "user with all permissions, made if missing", env.HASHSERVER_ADMIN_USER || undefined);
  add("--admin-password <token>", "the user's token", env.HASHSERVER_ADMIN_PASSWORD || undefined);
  add(
    "--clean-unused-compat",
    "clean-unused counts ages as bitbake-hashserv does: the wrong way round",
    env.HASHSERVER_CLEAN_UNUSED_COMPAT === "1",
  );
  add(
    "--short-depids",
    "take unihashes of the size of MD5 and SHA-1 over HTTP, as OE-Core had them in 2019; BitBake of today refuses them",
    env.HASHSERVER_SHORT_DEPIDS === "1",
  );
}

/** @throws {CommanderError} for an administrator without a password */
export function readServiceOptions(program: Command, values: ServiceValues): ServiceOptions {
  const { upstream, readOnly, cleanUnusedCompat, shortDepids: shortDepIds } = values;
  const [anonymous, admin] = [readAnonymous(values), readAdmin(program, values)];
  return { upstream, readOnly, anonymous, admin, cleanUnusedCompat, shortDepIds };
}

/** Words separated by commas or blanks; none at all is a set, too. */
function readAnonymous({ anonPerms, safeDefaults }: ServiceValues): Iterable<string> {
  if (anonPerms === undefined) return safeDefaults ? SAFE_ANONYMOUS : DEFAULT_ANONYMOUS;
  return anonPerms.split(/[\s,]+/).filter((word) => word !== "");
}

function readAdmin(program: Command, { adminUser, adminPassword }: ServiceValues): ServiceOptions["admin"] {
  if (adminUser === undefined) return undefined;
  if (adminPassword === undefined) return program.error(`--admin-user ${adminUser}: expected --admin-password, too`);
  return { username: adminUser, token: adminPassword };
}

function list(permissions: Iterable<string>): string {
  return [...permissions].join(",");
}
