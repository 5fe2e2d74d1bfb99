import { createMemoryStorage, startServer } from "@depid/hashserv";
import { ConnectionError, openClient } from "@depid/hashserv-client";
import { describeEquivalenceService } from "@depid/replay/testing";
import { afterEach, describe, expect, it } from "vitest";
import { openService, orWhyItEnded } from "./service.ts";
import { Shutdown } from "./shutdown.ts";

const begun: Shutdown[] = [];
const begin = () => {
  const shutdown = new Shutdown();
  begun.push(shutdown);
  return shutdown;
};
afterEach(async () => {
  for (const shutdown of begun.splice(0)) await shutdown.run();
});

describeEquivalenceService("a server in a thread of its own", () => openService("auto", begin()));

describe("when the connection to a server of our own is lost, one learns", () => {
  it.each([
    ["why the server has ended", new Error("crashed"), new Error("crashed")],
    ["that it is lost, if the server has not ended by itself", undefined, expect.any(ConnectionError)],
  ])("%s", async (_what, reason, expected) => {
    const server = await startServer({ bind: "127.0.0.1:0", storage: createMemoryStorage() });
    const client = await openClient(server.address);
    const service = orWhyItEnded(client, { close: async () => reason });
    expect(await service.getDepIds([])).toEqual([]);
    await server.close();
    await expect(service.reportAll([])).resolves.toEqual([]);
    await expect(service.getDepIds([{ method: "m", taskhash: "t" as never }])).rejects.toEqual(expected);
    await client.close();
  });
});
