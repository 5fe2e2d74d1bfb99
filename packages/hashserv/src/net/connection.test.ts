import { formatGreeting, formatJson, LINE_FRAMING } from "@depid/hashserv-protocol";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createService } from "../service.ts";
import { Session } from "../session/session.ts";
import { createMemoryStorage } from "../storage/memory/memory-storage.ts";
import { Budget } from "./budget.ts";
import { Connection, type Shared } from "./connection.ts";
import type { Transport, TransportEvents } from "./transport.ts";
import { Turn } from "./turn.ts";

afterEach(() => vi.restoreAllMocks());

const ROW_SIZE = 300_000;
/** Turns of the event loop in which all must have come to rest. */
const MANY_TURNS = 200;

/** A storage with one big row, and how often it was asked for. */
async function createRows() {
  const storage = createMemoryStorage();
  await storage.recordReports([
    {
      method: "m",
      taskhash: "t",
      outhash: "o",
      depid: "a".repeat(64) as never,
      details: { owner: null, PN: null, PV: null, PR: null, task: null, outhashSiginfo: "x".repeat(ROW_SIZE) },
    },
  ]);
  const asked = { rows: 0 };
  const findOldestOfOutput: typeof storage.read.findOldestOfOutput = (...args) => {
    asked.rows++;
    return storage.read.findOldestOfOutput(...args);
  };
  const read = Object.assign(Object.create(storage.read), { findOldestOfOutput }) as typeof storage.read;
  return { service: createService({ storage: { ...storage, read } }), asked };
}

/** A client at the other end of a connection, which takes what it was sent when it is told to. */
function connect(service: ReturnType<typeof createService>, shared: Shared) {
  let events: TransportEvents | undefined;
  const heard: string[] = [];
  let unsent: string[] = [];
  let [reads, open, paused] = [true, true, false];
  const transport: Transport = {
    framing: LINE_FRAMING,
    address: "",
    get unsent() {
      return unsent.join("\n").length;
    },
    incomplete: 0,
    start: (told) => {
      events = told;
    },
    write: (lines) => void unsent.push(...lines),
    flush: () => {
      if (!reads) return unsent.length === 0;
      heard.push(...unsent.splice(0));
      return true;
    },
    pause: () => {
      paused = true;
    },
    resume: () => {
      paused = false;
    },
    end: () => events?.closed(),
    destroy: () => {
      open = false;
      unsent = [];
      events?.closed();
    },
  };
  const connection = new Connection(transport, new Session({ service }), shared);
  const say = (...lines: string[]) => events?.lines(lines, lines.join("\n").length + lines.length);
  say(...formatGreeting().trimEnd().split("\n"), "");
  return {
    connection,
    heard,
    say,
    leave: () => transport.destroy(),
    isPaused: () => paused,
    isOpen: () => open,
    stopReading() {
      reads = false;
    },
    takeAll() {
      heard.push(...unsent.splice(0));
      events?.drained();
    },
  };
}

async function turns(): Promise<void> {
  for (let i = 0; i < MANY_TURNS; i++) await new Promise((resolve) => setImmediate(resolve));
}

const GET = formatJson({ "get-outhash": { method: "m", outhash: "o", taskhash: "" } });
const createShared = (most = 100 << 20): Shared => ({ turn: new Turn(), budget: new Budget(most) });

describe("a client that asks for much and takes nothing", () => {
  it("is answered one request, and the next when it has taken the answer", async () => {
    const { service, asked } = await createRows();
    const shared = createShared();
    const client = connect(service, shared);
    client.stopReading();
    client.say(...Array.from({ length: 50 }, () => GET));
    await turns();
    expect(asked.rows).toBe(1);
    expect(shared.budget.held).toBeGreaterThan(ROW_SIZE);
    expect(shared.budget.held).toBeLessThan(2 * ROW_SIZE);
    client.takeAll();
    await turns();
    expect(asked.rows).toBe(2);
  });

  it("gets all answers in the end, in order, and nothing is held for it then", async () => {
    const { service, asked } = await createRows();
    const shared = createShared();
    const client = connect(service, shared);
    client.stopReading();
    client.say(GET, GET, '{"get-stream": null}', "m t", "m x", "END", GET, '{"ping": 1}');
    for (let i = 0; i < 10; i++) {
      await turns();
      client.takeAll();
    }
    expect(asked.rows).toBe(3);
    const short = client.heard.filter((line) => line.length < 1000);
    const row = ['{"chunk-stream": null}', ""];
    expect(short.filter((line) => !line.startsWith("x"))).toEqual([
      ...row,
      ...row,
      '"ok"',
      "a".repeat(64),
      "",
      "ok",
      ...row,
      '{"alive": true}',
    ]);
    expect(shared.budget.held).toBe(0);
  });

  it("is not read on when it asks for more than is kept waiting", async () => {
    const { service } = await createRows();
    const client = connect(service, createShared());
    client.stopReading();
    client.say(...Array.from({ length: 30_000 }, () => GET));
    await turns();
    expect(client.isPaused()).toBe(true);
  });

  it("loses its connection when all together hold too much, and has held its part for longest", async () => {
    const { service } = await createRows();
    const shared = createShared(3.5 * ROW_SIZE);
    const clients = Array.from({ length: 4 }, () => connect(service, shared));
    for (const client of clients) {
      client.stopReading();
      client.say(GET);
      await turns();
    }
    expect(clients.map((client) => client.isOpen())).toEqual([false, true, true, true]);
  });
});

describe("a client that has gone", () => {
  it("has nothing more done for it of what it asked", async () => {
    const { service, asked } = await createRows();
    const shared = createShared();
    const client = connect(service, shared);
    client.say(...Array.from({ length: 50 }, () => GET));
    while (asked.rows < 3) await new Promise((resolve) => setImmediate(resolve));
    const before = asked.rows;
    client.leave();
    await turns();
    expect(asked.rows).toBe(before);
    expect(before).toBeLessThan(50);
    expect(shared.budget.held).toBe(0);
  });
});

describe("a client that sends a message in chunks and does not end it", () => {
  it("is told when it has held the most for longest, and what it sent is let go", async () => {
    const { service } = await createRows();
    const shared = createShared(100_000);
    const [one, two] = [connect(service, shared), connect(service, shared)];
    const begun = ['{"chunk-stream": null}', "y".repeat(30_000), "y".repeat(30_000)];
    one.say(...begun);
    await turns();
    expect(shared.budget.held).toBe(60_000);
    two.say(...begun);
    await turns();
    expect(one.heard.at(-1)).toContain("the server holds too much for its clients");
    expect(two.heard).toEqual([]);
    expect(shared.budget.held).toBe(60_000);
  });
});

describe("clients of one server", () => {
  it("have their turn while another's many requests are handled", async () => {
    const { service, asked } = await createRows();
    const shared = createShared();
    const [greedy, other] = [connect(service, shared), connect(service, shared)];
    await turns();
    greedy.say(...Array.from({ length: 60 }, () => GET));
    other.say('{"ping": 1}');
    let before = 0;
    while (other.heard.length === 0) {
      await new Promise((resolve) => setImmediate(resolve));
      before = asked.rows;
    }
    expect(before).toBeLessThan(20);
    await turns();
    await turns();
    expect(asked.rows).toBe(60);
  });

  it("wait for one answer to others, not for one to each, however many ask for much at once", async () => {
    const { service, asked } = await createRows();
    // Each row takes longer than a turn has time for.
    vi.spyOn(performance, "now").mockImplementation(() => asked.rows * 100);
    const shared = createShared();
    const greedy = Array.from({ length: 64 }, () => connect(service, shared));
    const other = connect(service, shared);
    await turns();
    for (const client of greedy) client.say(...Array.from({ length: 50 }, () => GET));
    other.say('{"ping": 1}');
    for (let before = 0; before < 5; ) {
      while (other.heard.length === 0) await new Promise((resolve) => setImmediate(resolve));
      expect(asked.rows - before).toBeLessThan(3);
      other.heard.length = 0;
      before = asked.rows;
      other.say('{"ping": 1}');
    }
  });
});
