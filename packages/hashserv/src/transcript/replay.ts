import { findInvokeError } from "@depid/hashserv-protocol";
import { agree, type Variables } from "./agreement.ts";
import { findLackingCommand } from "./lacking.ts";
import type { LaunchedServer, Launcher } from "./launcher.ts";
import { type Heard, Peer } from "./peer.ts";
import type { Transcript, TranscriptEvent } from "./transcript.ts";

export interface ReplayResult {
  /** Answers, and ends of connections, that agreed. */
  readonly agreed: number;
  /** What the server lacks to replay all of it, sorted. */
  readonly lacks: readonly string[];
  /** The line at which the replay stopped, as the rest builds on what is lacking. */
  readonly stoppedAt?: number;
  /** The first difference. */
  readonly difference?: string;
}

/**
 * Replays a transcript and compares the answers. Requests that only ask, and that the server lacks, are left out; at
 * the first one that would change something the replay stops. Closing with a reason agrees with closing without.
 */
export async function replayTranscript(transcript: Transcript, launcher: Launcher): Promise<ReplayResult> {
  const lacks = [...transcript.servers.values()].flatMap((setup) => launcher.findLacks(setup));
  if (lacks.length > 0) return { agreed: 0, lacks: [...new Set(lacks)].sort(), stoppedAt: 1 };
  const replay = new Replay(transcript, launcher);
  try {
    return await replay.run();
  } finally {
    await replay.cleanUp();
  }
}

class Replay {
  readonly #transcript: Transcript;
  readonly #launcher: Launcher;
  readonly #servers = new Map<string, LaunchedServer>();
  readonly #peers = new Map<string, Peer>();
  readonly #variables: Variables = new Map();
  readonly #lacks = new Set<string>();
  /** Connections of which the next answer is not to be awaited, its request having been left out. */
  readonly #unasked = new Set<string>();
  #agreed = 0;

  constructor(transcript: Transcript, launcher: Launcher) {
    this.#transcript = transcript;
    this.#launcher = launcher;
  }

  async run(): Promise<ReplayResult> {
    const { databases, events } = this.#transcript;
    for (const [name, sql] of databases) await this.#launcher.createDatabase(name, sql);
    for (const [i, event] of events.entries()) {
      const stop = this.#findStop(event, events.slice(i + 1));
      if (stop) return this.#result({ stoppedAt: event.line });
      const difference = await this.#play(event);
      if (difference !== undefined) return this.#result({ difference: `line ${event.line}: ${difference}` });
    }
    return this.#result({});
  }

  async cleanUp(): Promise<void> {
    for (const peer of this.#peers.values()) peer.close();
    for (const server of this.#servers.values()) await server.stop();
  }

  #result(end: Pick<ReplayResult, "stoppedAt" | "difference">): ReplayResult {
    return { agreed: this.#agreed, lacks: [...this.#lacks].sort(), ...end };
  }

  /** Notes what an event needs that is lacking. @returns whether the replay cannot go on without */
  #findStop(event: TranscriptEvent, rest: readonly TranscriptEvent[]): boolean {
    if (event.type === "kill" && this.#servers.get(event.server)?.kill === undefined) {
      this.#lacks.add("kill");
      return true;
    }
    if (event.type !== "send") return false;
    const lacking = findLackingCommand(event.bytes, this.#launcher.commands);
    const answer = rest.find((next) => "connection" in next && next.connection === event.connection);
    if (lacking === undefined || answer?.type === "eof") return false;
    this.#lacks.add(lacking.command);
    if (!lacking.onlyAsks) return true;
    this.#unasked.add(event.connection);
    return false;
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
        await this.#servers.get(event.server)?.kill?.();
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
        if (!this.#unasked.has(event.connection)) this.#peers.get(event.connection)?.send(event.bytes);
        return undefined;
      case "receive":
        return this.#unasked.delete(event.connection) ? undefined : this.#compare(event.connection, event.text);
      case "eof":
        return this.#expectEnd(event.connection);
    }
  }

  async #start(name: string): Promise<LaunchedServer> {
    const setup = this.#transcript.servers.get(name);
    if (setup === undefined) throw new Error(`transcript ${this.#transcript.name}: no server ${name}`);
    return this.#launcher.start(setup);
  }

  async #compare(connection: string, recorded: string): Promise<string | undefined> {
    const heard = await this.#hear(connection);
    if (heard.type !== "line" || !agree(recorded, heard.text, this.#variables, this.#transcript.strictCount)) {
      return `expected ${cut(recorded)}, found ${heard.type === "line" ? cut(heard.text) : heard.type}`;
    }
    this.#agreed++;
    return undefined;
  }

  async #expectEnd(connection: string): Promise<string | undefined> {
    let heard = await this.#hear(connection);
    if (heard.type === "line" && isRefusal(heard.text)) heard = await this.#hear(connection);
    if (heard.type !== "eof") return `expected the end, found ${heard.type === "line" ? cut(heard.text) : heard.type}`;
    this.#agreed++;
    return undefined;
  }

  async #hear(connection: string): Promise<Heard> {
    return (await this.#peers.get(connection)?.hear()) ?? { type: "eof" };
  }
}

function isRefusal(line: string): boolean {
  return line.startsWith('{"invoke-error"') && findInvokeError(JSON.parse(line)) !== undefined;
}

function cut(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}...` : text;
}
