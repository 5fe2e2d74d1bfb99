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
  /** Options beyond these, by name. */
  readonly others: ReadonlyMap<string, unknown>;
}

/** `line` is the number of the line in the file, from 1. */
export type TranscriptEvent = { readonly line: number } & (
  | { readonly type: "start" | "stop" | "kill"; readonly server: string }
  | { readonly type: "open"; readonly connection: string; readonly server: string }
  | { readonly type: "close" | "half-close" | "eof"; readonly connection: string }
  | { readonly type: "send"; readonly connection: string; readonly bytes: Uint8Array }
  | { readonly type: "receive"; readonly connection: string; readonly text: string }
);

type Line = Readonly<Record<string, unknown>>;

/** Reads a recording. Answers in chunks are joined: where they were cut is not part of it. @throws {SyntaxError} */
export function parseTranscript(text: string): Transcript {
  const [head = {}, ...lines] = text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Line);
  if (head.transcript !== 1) throw new SyntaxError(`transcript: expected version 1, found ${head.transcript}`);
  const servers = Object.entries(head.servers as Record<string, Line>).map(([name, setup]) => {
    const { net, db = name, ...others } = setup;
    return [name, { net, database: db, others: new Map(Object.entries(others)) } as ServerSetup] as const;
  });
  const databases = Object.entries((head.databases ?? {}) as Record<string, { readonly sql: string }>);
  return {
    name: String(head.name),
    servers: new Map(servers),
    databases: new Map(databases.map(([name, { sql }]) => [name, sql])),
    strictCount: head.strict_num === true,
    events: joinChunks(lines.map((line, i) => parseEvent(line, i + 2))),
  };
}

function parseEvent(event: Line, line: number): TranscriptEvent {
  const connection = String(event.c);
  if (event.dir === ">") return { line, type: "send", connection, bytes: bytesOf(event) };
  if (event.dir === "<" && event.eof === true) return { line, type: "eof", connection };
  if (event.dir === "<") return { line, type: "receive", connection, text: textOf(event) };
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
