import { readFileSync } from "node:fs";
import { createConnection, type Socket } from "node:net";
import { openClient, ServerError } from "@depid/hashserv-client";
import { formatGreeting } from "@depid/hashserv-protocol";
import { afterEach, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import type { Limits } from "./limits.ts";
import { canReusePort } from "./net/bind-port.ts";
import { type Server, startServer } from "./server.ts";
import { createMemoryStorage } from "./storage/memory/memory-storage.ts";

let cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanUp.reverse()) await step();
  cleanUp = [];
});

async function start(limits: Partial<Limits>, bind = "127.0.0.1:0"): Promise<Server> {
  const server = await startServer({ bind, storage: createMemoryStorage(), limits });
  cleanUp.push(() => server.close());
  return server;
}

function connect({ address }: Server): Socket {
  const socket = createConnection(Number(address.split(":").at(-1)), "127.0.0.1");
  cleanUp.push(() => socket.destroy());
  return socket;
}

/** All that comes until the server closes. */
async function hearAll(socket: Socket): Promise<string> {
  let heard = "";
  for await (const bytes of socket) heard += String(bytes);
  return heard;
}

const error = (reason: string) => `{"invoke-error": {"message": "${reason}"}}\n`;

describe("a connection too many", () => {
  it("is told so and closed; when another has left there is room again", async () => {
    const server = await start({ connections: 2 });
    const one = await openClient(server.address);
    const two = await openClient(server.address);
    await Promise.all([one.ping(), two.ping()]);
    expect(await hearAll(connect(server))).toBe(error("the server has its 2 connections, try again later"));
    const third = await openClient(server.address);
    await expect(third.ping()).rejects.toThrow(new ServerError("the server has its 2 connections, try again later"));
    await one.close();
    await expect
      .poll(() =>
        third.ping().then(
          () => "served",
          () => "refused",
        ),
      )
      .toBe("served");
    await Promise.all([two.close(), third.close()]);
  });

  it("does not keep a place when it leaves before it was greeted", async () => {
    const server = await start({ connections: 1 });
    for (let i = 0; i < 5; i++) {
      const socket = connect(server);
      socket.end();
      await hearAll(socket);
    }
    const client = await openClient(server.address);
    await client.ping();
    await client.close();
  });
});

describe("a greeting", () => {
  it.each([["nothing at all"], ["OEHASHEQUIV 1.1\n"], ["OEHASHEQUIV 1.1\na: b\n"]])(
    "that does not come to its end in time is refused: %j",
    async (text) => {
      const socket = connect(await start({ greetingMs: 50 }));
      if (text !== "nothing at all") socket.write(text);
      expect(await hearAll(socket)).toBe(error("no greeting within 0.05 s"));
    },
  );

  it("that is complete may be followed by silence of any length", async () => {
    const server = await start({ greetingMs: 200 });
    const socket = connect(server);
    socket.write(formatGreeting());
    // One that comes later, and says nothing, is refused later.
    await hearAll(connect(server));
    socket.end('{"ping": 1}\n');
    expect(await hearAll(socket)).toBe('{"alive": true}\n');
  });

  it("of protocol 1.0 is refused with a reason, if nothing else comes", async () => {
    const socket = connect(await start({}));
    socket.write("OEHASHEQUIV 1.0\n\n");
    expect(await hearAll(socket)).toContain("this client speaks protocol 1.0");
  });

  it("must come in time over WebSocket, too", async () => {
    const { address } = await start({ greetingMs: 50 }, "ws://127.0.0.1:0");
    const webSocket = new WebSocket(address);
    const heard: string[] = [];
    webSocket.on("message", (text) => heard.push(String(text)));
    await new Promise((resolve) => webSocket.once("close", resolve));
    expect(heard).toEqual([error("no greeting within 0.05 s").trimEnd()]);
  });
});

describe("a client that does not come to what the server is for", () => {
  const pem = (name: string) =>
    readFileSync(new URL(`../../../fixtures/hashserv/tls/${name}.pem`, import.meta.url), "utf8");
  const tls = { cert: pem("cert"), key: pem("key") };
  const limits = { greetingMs: 50 };
  const JSON_BODY = "Host: 127.0.0.1\r\nContent-Type: application/json\r\n";
  /** Resolves with what was heard when the server has closed, or reset, the connection. */
  const hearUntilClosed = (address: string, text: string | Uint8Array): Promise<string> =>
    new Promise((resolve) => {
      const socket = createConnection(Number(address.split(":").at(-1)), "127.0.0.1");
      let heard = "";
      socket.on("data", (bytes) => {
        heard += String(bytes);
      });
      socket.on("error", () => {});
      socket.once("close", () => resolve(heard));
      socket.write(text);
    });

  it.each([
    ["TLS", "127.0.0.1:0", Buffer.from("160301020001", "hex")],
    ["TLS, of which nothing comes", "127.0.0.1:0", ""],
    ["WebSocket over TLS", "ws://127.0.0.1:0", Buffer.from("160301020001", "hex")],
    ["WebSocket, of a request", "ws://127.0.0.1:0", "GET / HT"],
  ])("is closed when a handshake of %s does not come to its end", async (what, bind, text) => {
    const secure = what.includes("TLS") ? { tls } : {};
    const server = await startServer({ bind, ...secure, storage: createMemoryStorage(), limits });
    cleanUp.push(() => server.close());
    await hearUntilClosed(server.address, text);
    expect(server.status().connections).toBe(0);
  });

  it.each([
    ["says nothing", ""],
    ["does not end its headers", "GET /v1/equi"],
    ["does not end the body", `POST /v1/equivalent HTTP/1.1\r\n${JSON_BODY}Content-Length: 9\r\n\r\n{`],
  ])("is closed when over HTTP it %s", async (_what, text) => {
    const server = await startServer({
      bind: "127.0.0.1:0",
      http: "127.0.0.1:0",
      storage: createMemoryStorage(),
      limits,
    });
    cleanUp.push(() => server.close());
    const heard = await hearUntilClosed(server.httpUrl ?? "", text);
    expect(heard).toMatch(/^HTTP\/1\.1 408 /);
  });

  it("may have longer than HTTP servers give by themselves", async () => {
    const longer = { greetingMs: 10 * 60_000 };
    for (const bind of ["127.0.0.1:0", "ws://127.0.0.1:0"]) {
      const server = await startServer({ bind, http: "127.0.0.1:0", storage: createMemoryStorage(), limits: longer });
      cleanUp.push(() => server.close());
      const client = await openClient(server.address);
      await client.ping();
      await client.close();
    }
  });
});

describe("a message", () => {
  it("in chunks that grow without end is refused", async () => {
    const socket = connect(await start({ messageSize: 10_000 }));
    socket.write(`${formatGreeting()}{"chunk-stream": null}\n${`${"x".repeat(1_000)}\n`.repeat(20)}`);
    expect(await hearAll(socket)).toBe(error("a message has more than 10000 characters"));
  });

  it.each([
    ["by the reference's limit", {}, 1 << 20],
    ["by one that was set", { messageSize: 2_000 }, 2_000],
  ])("over WebSocket is closed with 1009 when too long %s", async (_what, limits, size) => {
    const { address } = await start(limits, "ws://127.0.0.1:0");
    const webSocket = new WebSocket(address);
    await new Promise((resolve) => webSocket.once("open", resolve));
    for (const line of ["OEHASHEQUIV 1.1", ""]) webSocket.send(line);
    const heard: string[] = [];
    webSocket.on("message", (text) => heard.push(String(text)));
    const fill = (length: number) => `{"ping": "${"x".repeat(length - 12)}"}`;
    webSocket.send(fill(size));
    webSocket.send(fill(size + 1));
    const code = await new Promise((resolve) => webSocket.once("close", resolve));
    expect(heard).toEqual(['{"alive": true}']);
    expect(code).toBe(1009);
  });

  /** Opens a WebSocket by hand, and sends the beginning of a frame. */
  const sendPart = (server: Server, size: number) => {
    const socket = connect(server);
    const upgrade =
      "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==";
    socket.write(`GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n${upgrade}\r\n\r\n`);
    const header = Buffer.from([0x81, 0xff, 0, 0, 0, 0, 0, 0x0f, 0, 0, 0, 0, 0, 0]);
    socket.write(Buffer.concat([header, Buffer.alloc(size, "x")]));
    return new Promise((resolve) => socket.resume().once("close", resolve));
  };
  const sendFragment = (compress: boolean) => async (server: Server, size: number) => {
    const webSocket = new WebSocket(server.address, { perMessageDeflate: { threshold: 0 } });
    cleanUp.push(() => webSocket.terminate());
    await new Promise((resolve) => webSocket.once("open", resolve));
    webSocket.send("x".repeat(size), { fin: false, compress });
    return { closed: new Promise((resolve) => webSocket.once("close", resolve)) };
  };

  it.each<[string, (server: Server, size: number) => Promise<unknown>]>([
    ["in a frame that does not end", async (server, size) => ({ closed: sendPart(server, size) })],
    ["of which another part must come", sendFragment(false)],
    ["of which another part must come, packed", sendFragment(true)],
  ])("over WebSocket %s counts in what is held for all", async (_how, send) => {
    const server = await start({ heldBytes: 500_000 }, "ws://127.0.0.1:0");
    const first = (await send(server, 300_000)) as { closed: Promise<unknown> };
    await send(server, 300_000);
    await first.closed;
    const client = await openClient(server.address);
    await client.ping();
    await client.close();
  });

  it("over WebSocket must be text", async () => {
    const { address } = await start({}, "ws://127.0.0.1:0");
    const webSocket = new WebSocket(address);
    await new Promise((resolve) => webSocket.once("open", resolve));
    webSocket.send(Buffer.from("OEHASHEQUIV 1.1"));
    const [text] = await new Promise<readonly unknown[]>((resolve) =>
      webSocket.once("message", (...all) => resolve(all)),
    );
    expect(String(text)).toBe(error("a message is binary, expected text").trimEnd());
  });
});

describe("a server told to share its port", () => {
  it.each([
    ["20.20.2", false],
    ["22.11.0", false],
    ["22.12.0", true],
    ["23.0.0", false],
    ["23.1.0", true],
    ["24.0.0", true],
  ])("can do so on Node %s: %s", (version, can) => {
    expect(canReusePort(version)).toBe(can);
  });

  it("shares it, or says what it needs", async () => {
    const options = { bind: "127.0.0.1:0", storage: createMemoryStorage(), reusePort: true };
    if (!canReusePort(process.versions.node)) {
      await expect(startServer(options)).rejects.toThrow("sharing a port needs Node 22.12 or later");
      return;
    }
    const one = await startServer(options);
    const two = await startServer({ ...options, bind: one.address });
    expect(two.address).toBe(one.address);
    await Promise.all([one.close(), two.close()]);
  });
});
