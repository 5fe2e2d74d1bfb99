import { outsideReason } from "@depid/hash";
import { openClient } from "@depid/hashserv-client";
import type { Credentials } from "@depid/hashserv-protocol";
import type { Arguments, ClientCommand, Result } from "./command.ts";
import { UsageError } from "./errors.ts";
import { formatSortedJson } from "./layout.ts";
import { findLogin } from "./netrc.ts";
import type { ClientSurroundings, GlobalOptions } from "./program.ts";

/** Carries out a subcommand over a connection of its own, and prints what it comes to. @throws {UsageError | ConnectionError | ServerError} */
export async function carryOut(
  surroundings: ClientSurroundings,
  options: GlobalOptions,
  load: ClientCommand["load"],
  args: Arguments,
): Promise<Result> {
  const { input, out, error } = surroundings;
  const { log } = options;
  const clientOptions = await readClientOptions(surroundings, options);
  const openAnother = () => openClient(options.address, clientOptions);
  const client = await openAnother();
  const json = options.json === true;
  const warn = (line: string) => {
    if (log !== "ERROR") error(`depid-hashclient: ${line}\n`);
  };
  const progress = await surroundings.openProgress();
  try {
    const run = await load();
    const result = await run({ client, openAnother, input, write: out, warn, progress, json }, args);
    progress.end();
    const text = textOf(result, json);
    if (text !== undefined) out(`${text}\n`);
    return result;
  } finally {
    progress.end();
    await client.close();
  }
}

function textOf(result: Result, json: boolean): string | undefined {
  if ("answer" in result) return result.answer === null && !json ? undefined : formatSortedJson(result.answer);
  return json ? formatSortedJson(result.json) : result.text;
}

async function readClientOptions({ readText, readNetrc }: ClientSurroundings, options: GlobalOptions) {
  const login = readLogin(options) ?? (options.netrc ? await findInNetrc(readNetrc, options.address) : undefined);
  const ca = options.tlsCa === undefined ? undefined : await readCertificates(readText, options.tlsCa);
  return {
    ...(login === undefined ? {} : { login }),
    ...(options.become === undefined ? {} : { become: options.become }),
    ...(ca === undefined ? {} : { ca }),
  };
}

async function readCertificates(readText: (path: string) => Promise<string>, file: string): Promise<string> {
  try {
    return await readText(file);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new UsageError(`--tls-ca ${file}: ${code === "ENOENT" ? "no such file" : outsideReason(cause)}`, { cause });
  }
}

function readLogin({ login, password }: GlobalOptions): Credentials | undefined {
  return login === undefined ? undefined : { username: login, token: password ?? "" };
}

async function findInNetrc(read: () => Promise<string | undefined>, address: string): Promise<Credentials | undefined> {
  const text = await read();
  return text === undefined ? undefined : findLogin(text, address);
}
