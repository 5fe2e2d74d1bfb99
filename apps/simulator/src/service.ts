import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type HashClient, openClient } from "@depid/hashserv-client";
import type { Shutdown } from "./shutdown.ts";

/**
 * A client of the hash equivalence server of a replay.
 *
 * @param server an address, or `auto`: a server of our own on a socket in a temporary folder, which keeps all in memory and is gone
 *   when the program ends
 * @throws {InvalidAddressError | ConnectionError} when nobody answers at the address
 */
export async function openService(server: string, shutdown: Shutdown): Promise<HashClient> {
  const address = server === "auto" ? await startOwnServer(shutdown) : server;
  const client = await openClient(address, { signal: shutdown.signal });
  shutdown.defer(() => client.close().catch(() => {})); // lost already, if it was interrupted
  return client;
}

async function startOwnServer(shutdown: Shutdown): Promise<string> {
  // Who names a server does not wait for this one to be loaded.
  const [{ startServer }, { createMemoryStorage }] = await Promise.all([
    import("@depid/hashserv"),
    import("@depid/hashserv/storage/memory"),
  ]);
  const folder = mkdtempSync(join(tmpdir(), "depid-replay-"));
  shutdown.removeAtEnd(folder);
  const server = await startServer({
    bind: `unix://${join(folder, "hashserve.sock")}`,
    storage: createMemoryStorage(),
  });
  shutdown.defer(() => server.close());
  return server.address;
}
