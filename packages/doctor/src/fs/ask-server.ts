import { DepidError } from "@depid/hash";
import { ConnectionError, type HashClient, openClient, ServerError } from "@depid/hashserv-client";
import { FramingError, gcStatus, getDbUsage, ProtocolError, parseAddress } from "@depid/hashserv-protocol";
import type { Collection } from "../join.ts";
import type { ServerAnswers } from "../server.ts";

export interface AskOptions {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly login?: { readonly username: string; readonly token: string };
}

/** What a server answered, with a client for further questions if it answers at all. */
export interface Asked {
  readonly answers: ServerAnswers;
  readonly client?: HashClient;
  readonly collection?: Collection;
}

/** Connects to a server and asks what changes nothing: ping, get-stats, get-db-usage, gc-status. */
export async function askServer(role: ServerAnswers["role"], address: string, options: AskOptions): Promise<Asked> {
  const { type } = parseAddress(address);
  const base = { role, address, isNetwork: type !== "unix", isLoggedIn: options.login !== undefined };
  let client: HashClient | undefined;
  try {
    client = await openClient(address, options);
    const begun = performance.now();
    await client.ping();
    const pingMs = Math.round((performance.now() - begun) * 10) / 10;
    const { count: requests } = await client.stats();
    const upkeep = role === "upstream" ? {} : await askUpkeep(address, options);
    const { collection, ...rights } = upkeep;
    return {
      answers: { ...base, pingMs, requests, ...rights },
      client,
      ...(collection === undefined ? {} : { collection }),
    };
  } catch (error) {
    await client?.close().catch(() => {});
    options.signal.throwIfAborted();
    return { answers: { ...base, fault: faultOf(error) } };
  }
}

interface Upkeep {
  readonly mayDelete?: boolean;
  readonly isReadOnly?: boolean;
  readonly collection?: Collection;
}

/** Who may ask for the sizes of the tables may delete rows; a read-only server knows the one request and not the other. */
async function askUpkeep(address: string, options: AskOptions): Promise<Upkeep> {
  const usage = await attempt(address, options, (client) => client.call(getDbUsage, {}));
  if (usage === "refused") return { mayDelete: false };
  if (usage === "lost") return {};
  const status = await attempt(address, options, (client) => client.call(gcStatus, {}));
  if (status === "refused" || status === "lost") return { mayDelete: false, isReadOnly: true };
  const { mark, keep, remove } = status;
  return { mayDelete: true, isReadOnly: false, ...(mark === null ? {} : { collection: { mark, keep, remove } }) };
}

/** One question on a connection of its own: a server that refuses it closes the connection. */
async function attempt<T>(
  address: string,
  options: AskOptions,
  ask: (client: HashClient) => Promise<T>,
): Promise<T | "refused" | "lost"> {
  const client = await openClient(address, options);
  try {
    return await ask(client);
  } catch (error) {
    options.signal.throwIfAborted();
    if (error instanceof ServerError) return "refused";
    if (error instanceof DepidError) return "lost";
    throw error;
  } finally {
    await client.close().catch(() => {});
  }
}

/** What the system says when there is nobody, as opposed to somebody who talks otherwise. */
const NOBODY: ReadonlySet<string> = new Set(
  "ECONNREFUSED ENOENT ENOTFOUND EAI_AGAIN EHOSTUNREACH ENETUNREACH EHOSTDOWN EACCES EPERM".split(" "),
);

function faultOf(error: unknown): NonNullable<ServerAnswers["fault"]> {
  const reason = error instanceof Error ? error.message : String(error);
  if (error instanceof ServerError) return { kind: "refused", reason };
  if (error instanceof ProtocolError || error instanceof FramingError) return { kind: "foreign", reason };
  if (!(error instanceof ConnectionError)) throw error;
  if (error.fault === "timeout") return { kind: "silent", reason };
  if (/\b(401|403)\b/.test(reason)) return { kind: "refused", reason };
  const cause = error.cause as NodeJS.ErrnoException | undefined;
  return { kind: error.fault === "unreachable" && NOBODY.has(cause?.code ?? "") ? "unreachable" : "foreign", reason };
}
