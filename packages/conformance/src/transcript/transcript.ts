import { isChunkStart } from "@depid/hashserv-protocol";

/** A recorded conversation with hash servers. The format is described beside the recordings. */
export interface Transcript {
  readonly name: string;
  readonly servers: ReadonlyMap<string, ServerSetup>;
  /** SQL that makes a database file before any server starts, by the name of the database. */
  readonly databases: ReadonlyMap<string, string>;
  /** Whether the count of get-stats must agree. */
  readonly strictCount: boolean;
  readonly events: readonly TranscriptEvent[];
}

export interface ServerSetup {
  readonly net: "tcp" | "unix" | "ws";
  /** Name of its database; several servers may share one. */
  readonly database: string;
  readonly readOnly: boolean;
  /** What everybody may do; undefined: what the server has by default. */
  readonly anonymous: readonly string[] | undefined;
  readonly admin: { readonly username: string; readonly token: string } | undefined;
  /** Name of the server that is asked for what is not found. */
  readonly upstream: string | undefined;
}

/** `line` is the number of the line in the file, from 1. */
export type TranscriptEvent = { readonly line: number } & (
  | { readonly type: "start" | "stop" | "kill"; readonly server: string }
  | { readonly type: "sleep"; readonly ms: number }
  | { readonly type: "open"; readonly connection: string; readonly server: string }
  | { readonly type: "close" | "half-close" | "eof"; readonly connection: string }
  | { readonly type: "send"; readonly connection: string; readonly bytes: Uint8Array }
  | { readonly type: "receive"; readonly connection: string; readonly text: string; readonly slowMs: number }
  | { readonly type: "silent"; readonly connection: string; readonly ms: number }
);

type Line = Readonly<Record<string, unknown>>;

/** Reads a recording. Answers in chunks are joined: where they were cut is not part of it. @throws {SyntaxError} */
export function parseTranscript(text: string): Transcript {
  const [head = {}, ...lines] = text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Line);
  if (head.transcript !== 1) throw new SyntaxError(`transcript: expected version 1, found ${head.transcript}`);
  const servers = Object.entries(head.servers as Record<string, Line>).map(
    ([name, setup]) => [name, parseSetup(name, setup)] as const,
  );
  const databases = Object.entries((head.databases ?? {}) as Record<string, { readonly sql: string }>);
  return {
    name: String(head.name),
    servers: new Map(servers),
    databases: new Map(databases.map(([name, { sql }]) => [name, sql])),
    strictCount: head.strict_num === true,
    events: joinChunks(lines.map((line, i) => parseEvent(line, i + 2))),
  };
}

function parseSetup(server: string, { net, db = server, read_only, anon_perms, admin, upstream, ...others }: Line) {
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) throw new SyntaxError(`transcript: server ${server}: unknown option ${unknown}`);
  const [username, token] = (admin ?? []) as readonly [string, string] | [];
  return {
    net,
    database: db,
    readOnly: read_only === true,
    anonymous: anon_perms,
    upstream,
    admin: username === undefined ? undefined : { username, token },
  } as ServerSetup;
}

function parseEvent(event: Line, line: number): TranscriptEvent {
  const connection = String(event.c);
  if (event.dir === ">") return { line, type: "send", connection, bytes: bytesOf(event) };
  if (event.dir === "<" && event.eof === true) return { line, type: "eof", connection };
  if (event.dir === "<" && event.silent_ms !== undefined) {
    return { line, type: "silent", connection, ms: Number(event.silent_ms) };
  }
  if (event.dir === "<") {
    return { line, type: "receive", connection, text: textOf(event), slowMs: Number(event.slow_ms ?? 0) };
  }
  if (event.do === "sleep") return { line, type: "sleep", ms: Number(event.ms) };
  if (event.do === "open") return { line, type: "open", connection, server: String(event.server) };
  if (event.do === "close" || event.do === "half-close") return { line, type: event.do, connection };
  if (event.do === "start" || event.do === "stop" || event.do === "kill") {
    return { line, type: event.do, server: String(event.server) };
  }
  throw new SyntaxError(`transcript: line ${line} is no event`);
}

function bytesOf(event: Line): Uint8Array {
  if (typeof event.bytes === "string") return Buffer.from(event.bytes, "base64");
  return Buffer.from(event.raw === true ? textOf(event) : `${textOf(event)}\n`);
}

function textOf(event: Line): string {
  if (typeof event.line === "string") return event.line;
  return (event.rle as readonly (readonly [string, number])[]).map(([text, count]) => text.repeat(count)).join("");
}

function joinChunks(events: readonly TranscriptEvent[]): readonly TranscriptEvent[] {
  const joined: TranscriptEvent[] = [];
  for (let at = 0; at < events.length; at++) {
    const event = events[at] as TranscriptEvent;
    joined.push(event);
    if (event.type !== "receive" || !announcesChunks(event.text)) continue;
    let text = "";
    for (let next = events[++at]; next?.type === "receive" && next.text !== ""; next = events[++at]) text += next.text;
    joined.splice(-1, 1, { ...event, text });
  }
  return joined;
}

/** Whether a line a server sent begins a message in chunks. */
export function announcesChunks(line: string): boolean {
  return line.startsWith('{"chunk-stream"') && isChunkStart(JSON.parse(line));
}
