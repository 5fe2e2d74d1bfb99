import { findInvokeError } from "@depid/hashserv-protocol";
import { agree, type Variables } from "./agreement.ts";
import type { LaunchedServer, Launcher } from "./launcher.ts";
import { type Heard, Peer } from "./peer.ts";
import type { Transcript, TranscriptEvent } from "./transcript.ts";

export interface ReplayResult {
  /** Answers, and ends of connections, that agreed. */
  readonly agreed: number;
  /** Differences at lines where they are known. */
  readonly known: readonly Difference[];
  /** The first difference that is not known; the replay ended there. */
  readonly difference?: string;
}

export interface Difference {
  /** In the recording, from 1. */
  readonly line: number;
  readonly text: string;
}

/**
 * Replays a transcript and compares the answers. Closing with a reason agrees with closing without.
 *
 * @param known lines where a server may differ; what follows on that connection is left out if it has ended, or has not
 * @param silenceMs after how many milliseconds a server from which something is expected is taken to say nothing more. Default: 30,000
 * @throws {LaunchError} when a server does not start
 */
export async function replayTranscript(
  transcript: Transcript,
  launcher: Launcher,
  known: ReadonlySet<number> = new Set(),
  silenceMs = SILENCE_MS,
): Promise<ReplayResult> {
  const replay = new Replay(transcript, launcher, known, silenceMs);
  try {
    return await replay.run();
  } finally {
    await replay.cleanUp();
  }
}

/** Milliseconds after which a server is taken to say nothing more: the machine may be busy. */
const SILENCE_MS = 30_000;
/** Milliseconds to wait for an end that is known not to come. */
const KNOWN_SILENCE_MS = 100;

class Replay {
  readonly #transcript: Transcript;
  readonly #launcher: Launcher;
  readonly #servers = new Map<string, LaunchedServer>();
  readonly #peers = new Map<string, Peer>();
  readonly #variables: Variables = new Map();
  readonly #known: ReadonlySet<number>;
  readonly #silenceMs: number;
  readonly #differences: Difference[] = [];
  /** Connections of which the rest is left out. */
  readonly #astray = new Set<string>();
  /** Connections on which the server has refused something, and will end them. */
  readonly #refused = new Set<string>();
  #agreed = 0;

  constructor(transcript: Transcript, launcher: Launcher, known: ReadonlySet<number>, silenceMs: number) {
    this.#known = known;
    this.#silenceMs = silenceMs;
    this.#transcript = transcript;
    this.#launcher = launcher;
  }

  async run(): Promise<ReplayResult> {
    const { databases, events } = this.#transcript;
    for (const [name, sql] of databases) await this.#launcher.createDatabase(name, sql);
    for (const event of events) {
      if ("connection" in event && event.type !== "open" && this.#astray.has(event.connection)) continue;
      const text = await this.#play(event);
      if (text === undefined) continue;
      if (!this.#known.has(event.line)) return { ...this.#result(), difference: `line ${event.line}: ${text}` };
      this.#differences.push({ line: event.line, text });
      if ("connection" in event && this.#isAstray(event)) this.#astray.add(event.connection);
    }
    return this.#result();
  }

  async cleanUp(): Promise<void> {
    for (const peer of this.#peers.values()) peer.close();
    // Together: the reference ends when its last client has, which may be one of the others.
    await Promise.all([...this.#servers.values()].map((server) => server.stop()));
  }

  #result(): ReplayResult {
    return { agreed: this.#agreed, known: this.#differences };
  }

  /** Whether a connection is where it should not be after a difference: ended, or not. */
  #isAstray(event: TranscriptEvent & { readonly connection: string }): boolean {
    return event.type === "eof" || this.#refused.has(event.connection);
  }

  /** @returns a difference, if there is one */
  async #play(event: TranscriptEvent): Promise<string | undefined> {
    switch (event.type) {
      case "start":
        this.#servers.set(event.server, await this.#start(event.server));
        return undefined;
      case "stop":
        await this.#servers.get(event.server)?.stop();
        return undefined;
      case "kill":
        await this.#servers.get(event.server)?.kill();
        return undefined;
      case "open":
        this.#peers.set(event.connection, new Peer(this.#servers.get(event.server)?.address ?? ""));
        return undefined;
      case "close":
        this.#peers.get(event.connection)?.close();
        return undefined;
      case "half-close":
        this.#peers.get(event.connection)?.halfClose();
        return undefined;
      case "send":
        this.#peers.get(event.connection)?.send(this.#fillIn(event.bytes));
        return undefined;
      case "receive":
        return this.#compare(event.connection, event.text, event.slowMs);
      case "eof":
        return this.#expectEnd(event.connection, this.#known.has(event.line) ? KNOWN_SILENCE_MS : this.#silenceMs);
      case "silent":
        return this.#expectSilence(event.connection, event.ms);
      case "sleep":
        await new Promise((resolve) => setTimeout(resolve, event.ms));
        return undefined;
    }
  }

  async #start(name: string): Promise<LaunchedServer> {
    const setup = this.#transcript.servers.get(name);
    if (setup === undefined) throw new Error(`transcript ${this.#transcript.name}: no server ${name}`);
    const server = await this.#launcher.start(name, setup);
    await greet(server.address);
    return server;
  }

  /** Puts in what the server has said in place of the recording's variables: tokens. */
  #fillIn(bytes: Uint8Array): Uint8Array {
    const text = Buffer.from(bytes).toString("latin1");
    const filled = text.replace(/@\{(\w+)\}/g, (found, name) => String(this.#variables.get(name) ?? found));
    return Buffer.from(filled, "latin1");
  }

  async #compare(connection: string, recorded: string, slowMs: number): Promise<string | undefined> {
    const start = performance.now();
    const heard = await this.#hear(connection);
    if (heard.type !== "line" || !agree(recorded, heard.text, this.#variables, this.#transcript.strictCount)) {
      return `expected ${cut(recorded)}, found ${heard.type === "line" ? cut(heard.text) : heard.type}`;
    }
    const took = performance.now() - start;
    if (took < slowMs / 2) return `expected an answer after ${slowMs} ms, found one after ${Math.round(took)} ms`;
    this.#agreed++;
    return undefined;
  }

  async #expectSilence(connection: string, ms: number): Promise<string | undefined> {
    const heard = await this.#peers.get(connection)?.hear(ms);
    return heard === undefined || heard.type === "silence" ? undefined : `expected nothing, found ${heard.type}`;
  }

  async #expectEnd(connection: string, silenceMs: number): Promise<string | undefined> {
    let heard = await this.#hear(connection, silenceMs);
    if (heard.type === "line" && isRefusal(heard.text)) heard = await this.#hear(connection);
    if (heard.type !== "eof") return `expected the end, found ${heard.type === "line" ? cut(heard.text) : heard.type}`;
    this.#agreed++;
    return undefined;
  }

  async #hear(connection: string, silenceMs = this.#silenceMs): Promise<Heard> {
    const heard = (await this.#peers.get(connection)?.hear(silenceMs)) ?? ({ type: "eof" } as const);
    if (heard.type === "line" && isRefusal(heard.text)) this.#refused.add(connection);
    return heard;
  }
}

/** Asks whether the server is there, as the recorder did: it is the first request that is counted. */
async function greet(address: string): Promise<void> {
  const peer = new Peer(address);
  for (const line of ["OEHASHEQUIV 1.1", "needs-headers: false", "", '{"ping": {}}'])
    peer.send(Buffer.from(`${line}\n`));
  await peer.hear(SILENCE_MS);
  peer.close();
}

function isRefusal(line: string): boolean {
  return line.startsWith('{"invoke-error"') && findInvokeError(JSON.parse(line)) !== undefined;
}

function cut(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}...` : text;
}
