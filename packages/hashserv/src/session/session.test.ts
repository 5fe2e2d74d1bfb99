import {
  formatGreeting,
  formatInvokeError,
  formatMessage,
  LineDecoder,
  METHODS,
  NO_DETAILS,
} from "@depid/hashserv-protocol";
import { describe, expect, it } from "vitest";
import { createService } from "../service.ts";
import { createMemoryStorage } from "../storage/memory/memory-storage.ts";
import type { Storage } from "../storage/storage.ts";
import { COMMANDS } from "./commands.ts";
import type { Permission } from "./permissions.ts";
import { Session } from "./session.ts";

const A = "a".repeat(64);
const B = "b".repeat(64);
const report = JSON.stringify({ report: { method: "m", taskhash: "t", outhash: "o", unihash: A } });
const error = (message: string) => formatMessage(formatInvokeError(message));

interface Setup {
  readonly storage?: Storage;
  readonly permissions?: ReadonlySet<Permission>;
}

/** What the session answers to this text behind a greeting, arriving in pieces of `size` bytes. */
async function converse(text: string, size: number, { storage, permissions }: Setup = {}) {
  const service = createService({
    storage: storage ?? createMemoryStorage(),
    ...(permissions === undefined ? {} : { anonymous: permissions }),
  });
  const session = new Session({ service });
  const decoder = new LineDecoder();
  const bytes = new TextEncoder().encode(formatGreeting() + text);
  let answers = "";
  const reply = (lines: readonly string[]) => {
    answers += `${lines.join("\n")}\n`;
  };
  for (let at = 0; at < bytes.length; at += size) {
    await session.receive(decoder.push(bytes.subarray(at, at + size)), reply);
  }
  return { answers, ended: session.ended };
}

describe.each([
  { name: "ping is answered", text: '{"ping": {}}\n', answers: '{"alive": true}\n' },
  {
    name: "requests are answered in order",
    text: `${report}\n{"ping": {}}\n`,
    answers: `{"taskhash": "t", "method": "m", "unihash": "${A}"}\n{"alive": true}\n`,
  },
  {
    name: "reports that arrive together are answered up to a bad one, and what is behind it is not looked at",
    text: `${report}\n${report}\n${report.replace(A, "x")}\n${report}\n{"ping": {}}\n`,
    answers: `${`{"taskhash": "t", "method": "m", "unihash": "${A}"}\n`.repeat(2)}${error("Invalid unihash")}`,
    ended: true,
  },
  {
    name: "reports that arrive together are answered before a line that is no request",
    text: `${report}\n${report}\nnonsense\n${report}\n`,
    answers: `${`{"taskhash": "t", "method": "m", "unihash": "${A}"}\n`.repeat(2)}${error("a message is not JSON")}`,
    ended: true,
  },
  {
    name: "of several commands in one message the first in dispatch order is run",
    text: `{"zzz": 1, ${report.slice(1, -1)}, "ping": 1}\n`,
    answers: '{"alive": true}\n',
  },
  {
    name: "a stream is entered, answers each line, and is left by END",
    text: `${report}\n{"get-stream": null}\nm t\nm  x \nEND\n{"ping": 1}\n`,
    answers: `{"taskhash": "t", "method": "m", "unihash": "${A}"}\n"ok"\n${A}\n\nok\n{"alive": true}\n`,
  },
  {
    name: "a stream is left by a blank line",
    text: '{"exists-stream": {}}\nx\n \n{"ping": 1}\n',
    answers: '"ok"\nfalse\nok\n{"alive": true}\n',
  },
  {
    name: "trailing white space of a stream line does not count, leading does",
    text: `${report}\n{"exists-stream": 0}\n${A} \t\r\n ${A}\n`,
    answers: `{"taskhash": "t", "method": "m", "unihash": "${A}"}\n"ok"\ntrue\nfalse\n`,
  },
  {
    name: "null ends the connection without a word",
    text: '{"ping": 1}\nnull\n{"ping": 1}\n',
    answers: '{"alive": true}\n',
    ended: true,
  },
  {
    name: "what is not JSON is refused with a reason",
    text: '{"ping": 1}\nnope\n{"ping": 1}\n',
    answers: `{"alive": true}\n${error("a message is not JSON")}`,
    ended: true,
  },
  {
    name: "an unknown command is refused by name",
    text: '{"gc-stat": {}}\n',
    answers: error("unknown command 'gc-stat'"),
    ended: true,
  },
  {
    name: "a message that is no object is refused",
    text: "[]\n",
    answers: error("message: expected an object, found an array"),
    ended: true,
  },
  {
    name: "a missing argument is refused by name",
    text: '{"get": {"method": "m"}}\n',
    answers: error("argument 'taskhash': expected text, found nothing"),
    ended: true,
  },
  {
    name: "half a surrogate pair is refused",
    text: '{"get": {"method": "\\ud800", "taskhash": "t"}}\n',
    answers: error("argument 'method': not valid Unicode text"),
    ended: true,
  },
  {
    name: "an invalid depid is refused in the reference's words, before all other arguments",
    text: '{"report": {}}\n{"ping": 1}\n',
    answers: error("Invalid unihash"),
    ended: true,
  },
  {
    name: "a stream line of one word ends the connection after the answers before it; a reason would be taken for a depid",
    text: '{"get-stream": null}\nm t\none\nm t\n',
    answers: '"ok"\n\n',
    ended: true,
  },
  {
    name: "a message in chunks is joined, blanks at cuts kept",
    text: '{"chunk-stream": null}\n{"get": {"method": "a \r\n  b", "taskhash"\n: "t"}}\n\n{"ping": 1}\n',
    answers: 'null\n{"alive": true}\n',
  },
  {
    name: "null in chunks is no goodbye",
    text: '{"chunk-stream": null}\nnull\n\n',
    answers: error("message: expected an object, found null"),
    ended: true,
  },
])("$name", ({ text, answers, ended = false }) => {
  it.each([
    ["whole", 1 << 20],
    ["byte by byte", 1],
  ] as const)("arriving %s", async (_how, size) => {
    expect(await converse(text, size)).toEqual({ answers, ended });
  });
});

describe("a client of protocol 1.0", () => {
  const greeting = "OEHASHEQUIV 1.0\n\n";
  const reason =
    "this client speaks protocol 1.0 (BitBake of zeus, and of dunfell before 3.1.2), expected 1.1: update BitBake";

  async function say(text: string) {
    const session = new Session({ service: createService({ storage: createMemoryStorage() }) });
    const said: string[] = [];
    await session.receive(text.split("\n").slice(0, -1), (lines) => said.push(...lines));
    return { said, ended: session.ended, objection: session.objection?.message };
  }

  it("is told why when it looks up, which is a warning in its build", async () => {
    const { said, ended } = await say(`${greeting}{"get-stream": null}\nm t\n`);
    expect([said, ended]).toEqual([[error(reason).trimEnd()], true]);
  });

  it.each(["report", "report-equiv"])(
    "is closed without a word when it sends %s, as an error ends its build",
    async (name) => {
      const { said, ended } = await say(`${greeting}{"${name}": {"method": "m"}}\n`);
      expect([said, ended]).toEqual([[], true]);
    },
  );

  it("that has not said what it wants may do so", async () => {
    expect(await say(greeting)).toEqual({ said: [], ended: false, objection: reason });
  });
});

describe("the table of commands", () => {
  it("has every request of the protocol, in dispatch order", () => {
    expect(COMMANDS.map(({ name }) => name)).toEqual(METHODS.map(({ name }) => name));
  });
});

describe("a session", () => {
  it("answers each line of a long stream once, in order", async () => {
    const storage = createMemoryStorage();
    await storage.transaction(async (rows) => {
      for (let i = 0; i < 5000; i += 2) await rows.insertEquivalence({ method: "m", taskhash: `${i}`, depid: `u${i}` });
    });
    const lines = Array.from({ length: 5000 }, (_, i) => `m ${i}\n`).join("");
    const { answers } = await converse(`{"get-stream": null}\n${lines}END\n`, 1 << 20, { storage });
    const expected = Array.from({ length: 5000 }, (_, i) => (i % 2 === 0 ? `u${i}` : ""));
    expect(answers).toBe(`"ok"\n${expected.join("\n")}\nok\n`);
  });

  it("answers what is there at once without a promise, so that others can have their turn when it took long", () => {
    const session = new Session({ service: createService({ storage: createMemoryStorage() }) });
    const key = '"method": "m", "taskhash": "t"';
    const asked = [`{"get": {${key}, "all": true}}`, `{"get": {${key}}}`, `{"get-outhash": {${key}, "outhash": "o"}}`];
    const lines = [...formatGreeting().trimEnd().split("\n"), "", ...asked, '{"ping": {}}'];
    const heard: string[] = [];
    expect(session.receive(lines, (all) => void heard.push(...all))).toBe(lines.length);
    expect(heard).toEqual(["null", "null", "null", '{"alive": true}']);
  });

  it("checks the permission before the arguments, in the reference's words", async () => {
    const permissions = new Set<Permission>(["@read"]);
    expect(await converse('{"report-equiv": {}}\n', 1 << 20, { permissions })).toEqual({
      answers: error("Anonymous user is not allowed to access permissions(s) @read, @report"),
      ended: true,
    });
  });

  it("tells a reporter who may not write what applies, and writes nothing", async () => {
    const storage = createMemoryStorage();
    await storage.transaction(async (rows) => {
      await rows.insertOutHash({ method: "m", taskhash: "t0", outhash: "o", details: NO_DETAILS });
      await rows.insertEquivalence({ method: "m", taskhash: "t0", depid: B });
    });
    const permissions = new Set<Permission>(["@read"]);
    const { answers } = await converse(`${report}\n`, 1 << 20, { storage, permissions });
    expect(answers).toBe(`{"taskhash": "t", "method": "m", "unihash": "${B}"}\n`);
    expect(await storage.read.findDepIds([{ method: "m", taskhash: "t" }])).toEqual([undefined]);
  });

  it("tells a client of gc-mark-stream what is wrong with a line, as its answers are messages", async () => {
    expect(await converse('{"gc-mark-stream": null}\nnope\n', 1 << 20)).toEqual({
      answers: `"ok"\n${error("Could not decode JSONL input 'nope'")}`,
      ended: true,
    });
  });

  it("counts requests and stream lines, not the opening of a stream, not an empty line, not get-stats itself", async () => {
    const stats = '{"get-stats": null}\n';
    const { answers } = await converse(
      `{"ping": 1}\n${stats}{"get-stream": null}\nm t\nm t\nEND\n${stats}{"exists-stream": null}\n\n${stats}`,
      1 << 20,
    );
    const counts = [...answers.matchAll(/"num": (\d+)/g)].map((match) => Number(match[1]));
    expect(counts).toEqual([1, 5, 6]);
  });
});

describe("a failure of the server itself", () => {
  /** A storage that answers nothing any more. */
  const onFire = () => Promise.reject(new Error("disk on fire"));
  const broken = new Proxy(createMemoryStorage(), {
    get: (_storage, name) => (name === "read" ? new Proxy({}, { get: () => onFire }) : onFire),
  });
  const key = { method: "m", taskhash: "t", outhash: "o", unihash: A };
  const where = { where: { method: "m" }, mark: "x", max_age_seconds: 1 };

  it.each([
    ...["get", "get-outhash", "report", "report-equiv"].map((name) => [name, `{"${name}": ${JSON.stringify(key)}}`]),
    ...["remove", "gc-mark", "gc-sweep", "clean-unused"].map((name) => [name, `{"${name}": ${JSON.stringify(where)}}`]),
    ...["gc-status", "get-db-usage"].map((name) => [name, `{"${name}": null}`]),
    ["auth", '{"auth": {"username": "u", "token": "t"}}'],
  ])("closes the connection without a word, so that the client tries again: %s", async (_name, request) => {
    const text = `{"ping": 1}\n${request}\n{"ping": 1}\n`;
    expect(await converse(text, 1 << 20, { storage: broken })).toEqual({ answers: '{"alive": true}\n', ended: true });
  });

  it.each([
    ["get-stream", "m t"],
    ["exists-stream", A],
    ["gc-mark-stream", '{"mark": "x", "where": {"method": "m"}}'],
  ])("in a stream is no line that a client takes for an answer: %s", async (name, line) => {
    const text = `{"${name}": null}\n${line}\n${line}\nEND\n`;
    expect(await converse(text, 1 << 20, { storage: broken })).toEqual({ answers: '"ok"\n', ended: true });
  });
});

describe("reports that arrive together", () => {
  it("are carried out in order in one transaction, and each counts", async () => {
    const storage = createMemoryStorage();
    const together: number[] = [];
    const counting: Storage = {
      ...storage,
      recordReports(reports) {
        together.push(reports.length);
        return storage.recordReports(reports);
      },
    };
    const reports = Array.from({ length: 20 }, (_, i) => report.replace('"t"', `"t${i}"`));
    const text = `${reports.join("\n")}\n{"get-stats": null}\n`;
    const { answers } = await converse(text, 1 << 20, { storage: counting });
    const expected = reports.map((_, i) => `{"taskhash": "t${i}", "method": "m", "unihash": "${A}"}\n`).join("");
    expect(answers.startsWith(expected)).toBe(true);
    expect(answers).toContain('"num": 20');
    expect(together).toEqual([20]);
  });
});
