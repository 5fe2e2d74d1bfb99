import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "@photostructure/sqlite";
import { afterAll, beforeAll, expect, it } from "vitest";
import { COMMANDS } from "./commands.ts";
import { DEFAULT_ANONYMOUS } from "./permissions.ts";
import { startServer } from "./server.ts";
import { type Launcher, parseTranscript, replayTranscript } from "./transcript/index.ts";

const TRANSCRIPTS = new URL("../../../fixtures/hashserv/transcripts/", import.meta.url);

interface Awaited {
  /** Commands and options of servers that are not built yet. */
  readonly lacks: readonly string[];
  /** Whether only the beginning can be replayed. */
  readonly stops?: true;
  /** Where we differ knowingly, the recording showing a defect. */
  readonly differs?: string;
}

/** What each recording still awaits. A row that claims too much fails, as does one that claims too little. */
const AWAITS: Readonly<Record<string, Awaited>> = {
  auth: { lacks: ["admin", "anon_perms"], stops: true },
  chunks: { lacks: [] },
  "clean-unused": { lacks: ["clean-unused"], stops: true },
  dispatch: { lacks: ["gc-status", "get-db-query-columns", "get-db-usage"] },
  equiv: { lacks: ["get-db-usage"] },
  equivalence: { lacks: ["remove"], stops: true },
  "exists-stream": { lacks: ["remove"], stops: true },
  gc: { lacks: ["gc-status", "gc-sweep"], stops: true },
  "gc-mark-stream": { lacks: ["gc-mark-stream"], stops: true },
  "get-stream": { lacks: [] },
  handshake: { lacks: [] },
  "long-lines": { lacks: [] },
  malformed: { lacks: ["get-db-usage"] },
  migrate: { lacks: ["gc-status", "gc-sweep", "get-db-usage"], stops: true },
  permissions: { lacks: ["admin", "anon_perms"], stops: true },
  "permissions-anon": { lacks: ["admin", "anon_perms"], stops: true },
  "quirk-clean-age": { lacks: ["remove"], stops: true },
  "quirk-odd-types": { lacks: [], differs: 'line 8: expected {"taskhash": 7' },
  "quirk-stats": { lacks: ["reset-stats"], stops: true },
  "quirk-upstream-auth": { lacks: ["anon_perms", "upstream"], stops: true },
  "quirk-upstream-columns": { lacks: ["upstream"], stops: true },
  "quirk-upstream-miss": { lacks: ["upstream"], stops: true },
  "read-only": { lacks: ["admin", "read_only"], stops: true },
  remove: { lacks: ["remove"], stops: true },
  "report-get": { lacks: [] },
  restart: { lacks: ["gc-mark"], stops: true },
  stats: { lacks: ["reset-stats"], stops: true },
  "two-clients": { lacks: ["remove"], stops: true },
  upstream: { lacks: ["upstream"], stops: true },
  websocket: { lacks: [] },
};

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "hashserv-"));
});
afterAll(() => rm(directory, { recursive: true }));

/** Our server within this process, on real sockets and real files. */
function createLauncher(name: string): Launcher {
  const fileOf = (database: string) => join(directory, `${name}-${database}.db`);
  return {
    commands: new Set(COMMANDS.map((command) => command.name)),
    findLacks({ others }) {
      const built = (option: string) => option === "anon_perms" && isDefault(others.get(option));
      return [...others.keys()].filter((option) => !built(option));
    },
    async createDatabase(database, sql) {
      const db = new DatabaseSync(fileOf(database));
      db.exec(sql);
      db.close();
    },
    async start({ net, database }) {
      const bind = { tcp: "127.0.0.1:0", ws: "ws://127.0.0.1:0", unix: `unix://${join(directory, `${name}.sock`)}` }[
        net
      ];
      const server = await startServer({ bind, database: fileOf(database) });
      return { address: server.address, stop: () => server.close() };
    },
  };
}

function isDefault(permissions: unknown): boolean {
  return JSON.stringify(permissions) === JSON.stringify([...DEFAULT_ANONYMOUS]);
}

it.each(Object.entries(AWAITS))(
  "the recording %s agrees with our server as far as it awaits nothing",
  async (name, row) => {
    const transcript = parseTranscript(await readFile(new URL(`${name}.jsonl`, TRANSCRIPTS), "utf8"));
    const { difference, lacks, stoppedAt } = await replayTranscript(transcript, createLauncher(name));
    expect(difference?.slice(0, row.differs?.length)).toBe(row.differs);
    expect(lacks).toEqual(row.lacks);
    expect(stoppedAt !== undefined).toBe(row.stops ?? false);
  },
);

it("every recording has its row", async () => {
  const files = (await readdir(TRANSCRIPTS)).filter((file) => file.endsWith(".jsonl"));
  expect(Object.keys(AWAITS).sort()).toEqual(files.map((file) => file.slice(0, -".jsonl".length)).sort());
});
