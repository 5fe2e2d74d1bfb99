import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ServerInThread } from "@depid/hashserv/thread";
import { ConnectionError, type HashClient, openClient } from "@depid/hashserv-client";
import type { EquivalenceService } from "@depid/replay";
import type { Shutdown } from "./shutdown.ts";

/** A hash equivalence server that a replay has a connection to. */
export interface ReplayServer {
  /** Where others find it. */
  readonly address: string;
  readonly service: EquivalenceService;
}

/**
 * The hash equivalence server of a replay.
 *
 * @param server an address, or `auto`: a server of our own, in a thread of its own, which keeps all in memory and is gone when the program ends
 * @throws {InvalidAddressError | ConnectionError} when nobody answers at the address
 * @throws {ServerThreadError} when our own cannot start; later, when it has ended before the replay
 */
export async function openServer(server: string, shutdown: Shutdown): Promise<ReplayServer> {
  if (server === "auto") return openOwnServer(shutdown);
  return { address: server, service: await openClientOf(server, shutdown) };
}

/** The same for who alone talks to it. */
export async function openService(server: string, shutdown: Shutdown): Promise<EquivalenceService> {
  return (await openServer(server, shutdown)).service;
}

/** A server of our own for a part of the work, which is gone when that is done. */
export interface ShortServer {
  readonly address: string;
  close(): Promise<void>;
}

/**
 * The same for a piece of work that is one of many: what each leaves on a server of our own is gone with it.
 *
 * @param server an address, or `auto`
 */
export async function openShortServer(server: string, shutdown: Shutdown): Promise<ShortServer> {
  if (server !== "auto") return { address: server, close: async () => {} };
  const { startServerInThread } = await import("@depid/hashserv/thread");
  const own = await startServerInThread(chooseBind(shutdown));
  return { address: own.address, close: async () => void (await own.close()) };
}

async function openClientOf(address: string, shutdown: Shutdown): Promise<HashClient> {
  const client = await openClient(address, { signal: shutdown.signal });
  shutdown.defer(() => client.close().catch(() => {})); // lost already, if it was interrupted
  return client;
}

async function openOwnServer(shutdown: Shutdown): Promise<ReplayServer> {
  // Who names a server does not wait for this one to be loaded.
  const { startServerInThread } = await import("@depid/hashserv/thread");
  const server = await startServerInThread(chooseBind(shutdown));
  shutdown.defer(async () => void (await server.close()));
  const { address } = server;
  return { address, service: orWhyItEnded(await openClientOf(address, shutdown), server) };
}

/** A service of which one learns, when the connection is lost, why the server has ended by itself, if it has. */
export function orWhyItEnded(service: EquivalenceService, server: Pick<ServerInThread, "close">): EquivalenceService {
  const orWhy = async <T>(answer: Promise<T>): Promise<T> => {
    try {
      return await answer;
    } catch (error) {
      throw (error instanceof ConnectionError && (await server.close())) || error;
    }
  };
  return {
    getDepIds: (queries) => orWhy(service.getDepIds(queries)),
    reportAll: (reports) => orWhy(service.reportAll(reports)),
    reportEquiv: (declared) => orWhy(service.reportEquiv(declared)),
    removeAll: (tasks) => orWhy(service.removeAll(tasks)),
  };
}

/** A socket in a temporary folder. Where there are no such sockets: a port of this machine alone. */
function chooseBind(shutdown: Shutdown): string {
  if (process.platform === "win32") return "127.0.0.1:0";
  const folder = mkdtempSync(join(tmpdir(), "depid-replay-"));
  shutdown.removeAtEnd(folder);
  return `unix://${join(folder, "hashserve.sock")}`;
}
