import { offering } from "@depid/command-line";
import type { ServerOptions } from "@depid/hashserv";
import { DURABILITIES } from "@depid/hashserv/settings";
import { type Command, Option } from "commander";

/** What a database is opened with; its name is among the first options. */
export type DatabaseOptions = Pick<
  Extract<ServerOptions, { database: string }>,
  "databaseUsername" | "databasePassword" | "durability" | "writeBehind"
>;

/** As commander gives them. */
export interface DatabaseValues {
  readonly dbUsername?: string;
  readonly dbPassword?: string;
  readonly durability?: string;
  readonly writeBehind: boolean;
}

/** Makes the options known. The environment has the defaults. */
export function addDatabaseOptions(program: Command, env: Readonly<Record<string, string | undefined>>): void {
  const add = (flags: string, description: string, fallback: string | undefined) =>
    new Option(flags, description).default(fallback || undefined);
  program
    .addOption(add("--db-username <name>", "user of a PostgreSQL database", env.HASHSERVER_DB_USERNAME))
    .addOption(add("--db-password <password>", "and their password", env.HASHSERVER_DB_PASSWORD))
    .addOption(
      offering(add("--durability <level>", "what survives a power failure", env.HASHSERVER_DURABILITY), DURABILITIES),
    )
    .option(
      "--write-behind",
      "answer reports once they are in a journal beside the SQLite file, and put them into the file many at a time: " +
        "for the only server on it",
      env.HASHSERVER_WRITE_BEHIND === "1",
    );
}

/** @throws {CommanderError} for a durability there is none of */
export function readDatabaseOptions(
  program: Command,
  { dbUsername, dbPassword, durability = "normal", writeBehind }: DatabaseValues,
): DatabaseOptions {
  const level = DURABILITIES.find((known) => known === durability);
  if (level === undefined) {
    return program.error(`--durability: expected ${DURABILITIES.join(", ")}, found ${JSON.stringify(durability)}`);
  }
  return { databaseUsername: dbUsername, databasePassword: dbPassword, durability: level, writeBehind };
}
