import { readFile } from "node:fs/promises";
import { createServer, type Socket } from "node:net";
import { parseDepId, parseTaskHash, sha256Hex } from "@depid/hash";
import { GreetingDecoder, LineDecoder, ProtocolError } from "@depid/hashserv-protocol";
import { afterEach, describe, expect, it } from "vitest";
import { type ClientOptions, ConnectionError, openClient, ServerError } from "./index.ts";

const A = parseDepId(sha256Hex("a"));
const query = (text: string) => ({ method: "m", taskhash: parseTaskHash(sha256Hex(text)) });

let cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanUp.reverse()) await step();
  cleanUp = [];
});

/** What a scripted server does with a line: text to send; `undefined` says nothing; "close" hangs up. */
type Script = (line: string, connection: number) => string | undefined;

/** A server that follows a script, and notes each line behind the greeting with the number of its connection. */
async function startScripted(script: Script) {
  const heard: string[] = [];
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    const connection = sockets.push(socket);
    const lines = new LineDecoder();
    const greeting = new GreetingDecoder();
    let greeted = false;
    socket.on("error", () => {});
    socket.on("data", (bytes) => {
      for (const line of lines.push(bytes)) {
        if (!greeted) {
          greeted = greeting.push(line) !== undefined;
          continue;
        }
        heard.push(`${connection}: ${line}`);
        const answer = script(line, connection);
        if (answer === "close") socket.destroy();
        else if (answer !== undefined) socket.write(answer);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  cleanUp.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const { port } = server.address() as { port: number };
  return { address: `127.0.0.1:${port}`, heard, sockets };
}

async function open(address: string, options: ClientOptions = {}) {
  const client = await openClient(address, options);
  cleanUp.push(() => client.close());
  return client;
}

/** Answers as a server does that knows nothing. */
const ignorant: Script = (line) => {
  if (line === "END") return "ok\n";
  if (line.startsWith('{"ping"')) return '{"alive": true}\n';
  if (line.startsWith("{")) return line.includes("-stream") ? '"ok"\n' : "null\n";
  return line.includes(" ") ? "\n" : "false\n";
};

describe("a client", () => {
  it("keeps the stream mode between calls, and leaves it before the next message", async () => {
    const { address, heard } = await startScripted(ignorant);
    const client = await open(address);
    await client.getDepIds([query("1")]);
    await client.getDepIds([query("2")]);
    await client.depIdsExist([A]);
    await client.ping();
    await client.ping();
    expect(heard).toEqual([
      '1: {"get-stream": null}',
      `1: m ${query("1").taskhash}`,
      `1: m ${query("2").taskhash}`,
      "1: END",
      '1: {"exists-stream": null}',
      `1: ${A}`,
      "1: END",
      '1: {"ping": {}}',
      '1: {"ping": {}}',
    ]);
  });

  it("sends all queries of a batch without waiting for the first answer", async () => {
    const asked: string[] = [];
    const { address } = await startScripted((line) => {
      if (line.startsWith("{")) return '"ok"\n';
      asked.push(line);
      return asked.length === 1000 ? `${"\n".repeat(999)}${A}\n` : undefined;
    });
    const client = await open(address);
    const found = await client.getDepIds(Array.from({ length: 1000 }, (_, i) => query(`${i}`)));
    expect(found.lastIndexOf(undefined)).toBe(998);
    expect(found[999]).toBe(A);
  });

  it("connects anew when the connection is lost, and repeats the call", async () => {
    const { address, heard } = await startScripted((line, connection) =>
      connection < 3 && line.startsWith("m ") ? "close" : ignorant(line, connection),
    );
    const client = await open(address);
    expect(await client.getDepIds([query("1")])).toEqual([undefined]);
    expect(heard.filter((line) => line.includes(": m "))).toHaveLength(3);
  });

  it("logs in with each connection, before all else", async () => {
    const { address, heard } = await startScripted((line, connection) => {
      const user = '"username": "bob", "permissions": []';
      if (line.startsWith('{"auth"')) return `{"result": true, ${user}}\n`;
      if (line.startsWith('{"become-user"')) return `{${user}}\n`;
      return connection === 1 ? "close" : ignorant(line, connection);
    });
    const client = await open(address, { login: { username: "root", token: "t" }, become: "bob" });
    await client.ping();
    const login = ['{"auth": {"username": "root", "token": "t"}}', '{"become-user": {"username": "bob"}}'];
    const all = [...login, '{"ping": {}}'];
    expect(heard).toEqual([...all.map((line) => `1: ${line}`), ...all.map((line) => `2: ${line}`)]);
  });

  it("says why it may not log in, and tries no more", async () => {
    const { address, sockets } = await startScripted(() => '{"invoke-error": {"message": "no"}}\n');
    const login = { username: "bob", token: "t" };
    await expect(openClient(address, { login })).rejects.toThrow(new ServerError("no"));
    expect(sockets).toHaveLength(1);
  });

  it("marks many hashes in one stream", async () => {
    const { address, heard } = await startScripted((line) =>
      line.includes("gc-mark-stream") ? '"ok"\n' : `{"count": ${line.length}}\n`,
    );
    const client = await open(address);
    const requests = ["a", "bb"].map((method) => ({ mark: "M", where: { method } }));
    const lines = requests.map(({ where }) => `{"mark": "M", "where": {"method": "${where.method}"}}`);
    expect(await client.gcMarkAll(requests)).toEqual(lines.map((line) => line.length));
    expect(heard).toEqual(['1: {"gc-mark-stream": null}', ...lines.map((line) => `1: ${line}`)]);
  });

  it.each(["", "END", "a\nb", " "])(
    "refuses to ask whether %j exists, as that would be something else",
    async (text) => {
      const { address, heard } = await startScripted(ignorant);
      const client = await open(address);
      await expect(client.depIdsExist([text])).rejects.toThrow("expected a unihash");
      expect(heard).toEqual([]);
    },
  );

  it("gives up when the connection is lost for the fourth time", async () => {
    const { address, sockets } = await startScripted(() => "close");
    const client = await open(address);
    await expect(client.ping()).rejects.toThrow(ConnectionError);
    expect(sockets).toHaveLength(4);
  });

  it("does not repeat what the server refuses, and can be used again", async () => {
    const { address, sockets } = await startScripted((line, connection) =>
      connection === 1 ? '{"invoke-error": {"message": "no"}}\n' : ignorant(line, connection),
    );
    const client = await open(address);
    await expect(client.getDepIds([query("1")])).rejects.toThrow(new ServerError("no"));
    await client.ping();
    expect(sockets).toHaveLength(2);
  });

  it.each([
    ["a depid in capitals", (line: string) => (line.startsWith("{") ? '"ok"\n' : `${A.toUpperCase()}\n`)],
    ["more answers than questions", (line: string) => (line.startsWith("{") ? '"ok"\n' : "\n\n\n")],
    ["no word of a stream", () => "null\n"],
    ["what is not JSON", () => "HTTP/1.1 400 Bad Request\n"],
    ["a line without end", () => "x".repeat(70_000)],
  ])("does not take %s for an answer", async (_what, script) => {
    const { address } = await startScripted(script);
    const client = await open(address);
    const calls = [client.getDepIds([query("1")]), client.ping()];
    await expect(Promise.all(calls)).rejects.toThrow(ProtocolError);
    await Promise.allSettled(calls);
  });

  it("sees a refusal in the midst of a stream", async () => {
    const { address } = await startScripted((line) =>
      line.startsWith("{") ? '"ok"\n' : '\n{"invoke-error": {"message": "enough"}}\n',
    );
    const client = await open(address);
    await expect(client.getDepIds([query("1"), query("2")])).rejects.toThrow(new ServerError("enough"));
  });

  it("does not wait longer for an answer than it was told", async () => {
    const { address, sockets } = await startScripted(() => undefined);
    const client = await open(address, { timeoutMs: 20 });
    await expect(client.ping()).rejects.toMatchObject({ code: "CONNECTION", fault: "timeout" });
    expect(sockets).toHaveLength(1);
  });

  it("breaks off when its signal says so, with the signal's reason", async () => {
    const { address } = await startScripted(() => {
      abort.abort(new Error("enough"));
      return undefined;
    });
    const abort = new AbortController();
    const client = await open(address, { signal: abort.signal });
    await expect(client.ping()).rejects.toThrow("enough");
    await expect(client.ping()).rejects.toThrow("enough");
    await expect(openClient(address, { signal: abort.signal })).rejects.toThrow("enough");
  });

  it("carries out what was asked before it is closed, and nothing after", async () => {
    const { address } = await startScripted(ignorant);
    const client = await open(address);
    const answer = client.getDepIds([query("1")]);
    await client.close();
    expect(await answer).toEqual([undefined]);
    await expect(client.ping()).rejects.toMatchObject({ fault: "closed" });
  });

  it("refuses to ask for what is not a word, as that would be another question", async () => {
    const { address, heard } = await startScripted(ignorant);
    const client = await open(address);
    await expect(client.getDepIds([{ method: "m", taskhash: "t\nEND" }])).rejects.toThrow("must be words");
    expect(heard).toEqual([]);
  });

  it.each([
    ["127.0.0.1:1", "no hash equivalence server answers at 127.0.0.1:1: connection refused"],
    ["unix:///no/such.sock", "no hash equivalence server answers at unix:///no/such.sock: no such socket"],
    ["nonsense", "address: expected unix://PATH"],
  ])("says in one line that nobody answers at %s", async (address, message) => {
    await expect(openClient(address)).rejects.toThrow(message);
  });

  it("works as its README says", async () => {
    const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
    const code = /```ts\n([\s\S]*?)```/.exec(readme)?.[1] ?? "";
    const body = code.replace(/^import .*$/gm, "");
    const { address } = await startScripted((line, connection) =>
      line.startsWith('{"report"')
        ? `{"taskhash": "t", "method": "m", "unihash": "${A}"}\n`
        : ignorant(line, connection),
    );
    const run = new Function(
      "openClient",
      "address",
      "taskhash",
      "outhash",
      "depid",
      `return (async () => {${body}\nreturn { depids, applies };})()`,
    );
    const result = await run(openClient, address, query("1").taskhash, sha256Hex("o"), A);
    expect(result).toEqual({ depids: [undefined], applies: A });
  });
});
