import {
  type Framing,
  findCommand,
  formatInvokeError,
  GreetingDecoder,
  isStreamEnd,
  LINE_FRAMING,
  ProtocolError,
  STREAM_ENDED,
} from "@depid/hashserv-protocol";
import type { Command, CommandContext, Stream } from "./command.ts";
import { COMMANDS, READ_ONLY_COMMANDS } from "./commands.ts";
import { PermissionError } from "./errors.ts";
import { account } from "./observer.ts";
import type { Service } from "./service.ts";
import { Visitor } from "./visitor.ts";

export interface SessionOptions {
  readonly service: Service;
  /** How messages travel on this connection; as on stream sockets unless told. */
  readonly framing?: Framing;
  /** Characters a message in chunks may have; 64 Mi unless told. */
  readonly maxMessage?: number | undefined;
}

/** Takes lines to be sent, without their LF. */
export type Reply = (lines: readonly string[]) => void;

/**
 * One connection's side of the protocol: lines in, lines out, no sockets. Requests are handled strictly one after
 * another. Whatever goes wrong ends this session with a reason, and nothing else.
 */
export class Session {
  readonly #context: CommandContext;
  readonly #commands: readonly Command[];
  readonly #names: readonly string[];
  readonly #framing: Framing;
  readonly #messages: ReturnType<Framing["createDecoder"]>;
  #greeting: GreetingDecoder | undefined = new GreetingDecoder();
  #stream: { readonly name: string; readonly answer: Stream["answer"] } | undefined;
  #ended = false;

  constructor({ service, framing = LINE_FRAMING, maxMessage }: SessionOptions) {
    this.#context = { ...service, visitor: new Visitor(service.anonymous) };
    this.#framing = framing;
    this.#messages = framing.createDecoder(maxMessage);
    this.#commands = service.readOnly ? READ_ONLY_COMMANDS : COMMANDS;
    this.#names = this.#commands.map(({ name }) => name);
  }

  /** Whether the greeting is complete. */
  get greeted(): boolean {
    return this.#greeting === undefined;
  }

  /** Whether the connection is to be closed. Lines behind that are not looked at. */
  get ended(): boolean {
    return this.#ended;
  }

  /**
   * Handles lines, without their LF, that arrived together.
   *
   * @param reply takes lines to be sent, as soon as there are some
   */
  async receive(lines: readonly string[], reply: Reply): Promise<void> {
    try {
      for (let at = 0; at < lines.length && !this.#ended; ) {
        if (this.#greeting !== undefined) at += this.#greet(this.#greeting, lines[at] ?? "", reply);
        else if (this.#stream === undefined) at += await this.#requests(lines, at, reply);
        else at += await this.#lines(lines, at, reply);
      }
    } catch (error) {
      this.refuse(error, reply);
    }
  }

  /** Ends the session, telling the client why (section 14, item 4). */
  refuse(error: unknown, reply: Reply): void {
    this.#ended = true;
    const expected = error instanceof ProtocolError || error instanceof PermissionError;
    const reason = error instanceof Error ? error.message : String(error);
    this.#context.observer?.refused();
    this.#context.log(expected ? "INFO" : "ERROR", `request refused: ${reason}`);
    reply(
      this.#framing.formatMessage(formatInvokeError(expected ? reason : "the server failed to handle the request")),
    );
  }

  /** @returns the number of lines handled */
  #greet(greeting: GreetingDecoder, line: string, reply: Reply): number {
    const answer = greeting.push(line);
    if (answer !== undefined) this.#greeting = undefined;
    if (answer !== undefined && answer.length > 0) reply(answer);
    return 1;
  }

  /** The next request, and as many as can be carried out together with it. @returns the number of lines handled */
  async #requests(lines: readonly string[], from: number, reply: Reply): Promise<number> {
    const together: unknown[] = [];
    let command: Command | undefined;
    let [at, next, fault]: [number, Request | undefined, unknown] = [from, undefined, undefined];
    while (at < lines.length && next === undefined && fault === undefined && together.length < MAX_TOGETHER) {
      try {
        const request = this.#read(lines[at++] ?? "");
        if (request === undefined) continue;
        const joins = request !== "end" && request.command.runAll !== undefined;
        if (!joins || request.command !== (command ?? request.command)) next = request;
        else {
          command = request.command;
          together.push(request.args);
        }
      } catch (error) {
        // What came before counts, and is answered.
        fault = error;
      }
    }
    if (command !== undefined) await this.#runAll(command, together, reply);
    if (next === "end") this.#ended = true;
    else if (next !== undefined) await this.#run(next, reply);
    if (fault !== undefined) throw fault;
    return at - from;
  }

  /** @returns undefined while a request in chunks is not complete */
  #read(line: string): Request | undefined {
    const message = this.#messages.push(line);
    if (message === undefined) return undefined;
    const { value, chunked } = message;
    if (value === null && !chunked) return "end";
    const name = findCommand(value, this.#names);
    const command = this.#commands.find((known) => known.name === name) as Command;
    return { command, args: (value as Record<string, unknown>)[name] };
  }

  async #run({ command, args }: Exclude<Request, "end">, reply: Reply): Promise<void> {
    const { name } = command;
    const start = performance.now();
    let [found, missed] = [0, 0];
    try {
      const { answer, stream } = await command.run(this.#context.visitor.admit(command, args), this.#context);
      this.#stream = stream && { name, answer: stream.answer };
      [found, missed] = answer === null ? [0, 1] : [1, 0];
      reply(this.#framing.formatMessage(answer));
    } finally {
      // In a stream each line counts, its opening does not (section 7, get-stats).
      if (this.#stream === undefined) account(this.#context, start, { name, count: 1, found, missed });
    }
  }

  /** Requests of one command that arrived together. One that fails counts, those behind it are not looked at. */
  async #runAll(command: Command, all: readonly unknown[], reply: Reply): Promise<void> {
    const { name } = command;
    const start = performance.now();
    let [count, found] = [1, 0];
    try {
      const admitted = all.map((args) => this.#context.visitor.admit(command, args));
      const { answers, error } = (await command.runAll?.(admitted, this.#context)) ?? { answers: [] };
      found = answers.length;
      count = error === undefined ? found : found + 1;
      if (found > 0) reply(answers.flatMap((answer) => this.#framing.formatMessage(answer)));
      if (error !== undefined) throw error;
    } finally {
      account(this.#context, start, { name, count, found, missed: 0 });
    }
  }

  /** Lines of a stream from `from` on, up to one that leaves it. @returns the number of lines handled */
  async #lines(lines: readonly string[], from: number, reply: Reply): Promise<number> {
    const queries: string[] = [];
    let end: string | undefined;
    for (let at = from; at < lines.length && end === undefined && queries.length < MAX_BATCH; at++) {
      const line = this.#framing.trim(lines[at] ?? "");
      if (isStreamEnd(line)) end = line;
      else queries.push(line);
    }
    const start = performance.now();
    const { name = "" } = this.#stream ?? {};
    const found = queries.length === 0 ? 0 : await this.#answer(queries, reply);
    if (end !== undefined) {
      this.#stream = undefined;
      reply([STREAM_ENDED]);
    }
    const handled = queries.length + (end === undefined ? 0 : 1);
    const missed = queries.length - found;
    account(this.#context, start, { name, count: end === "" ? handled - 1 : handled, found, missed });
    return handled;
  }

  /** @returns how many were answered by something else than that there is nothing */
  async #answer(queries: readonly string[], reply: Reply): Promise<number> {
    const { answers, error } = (await this.#stream?.answer(queries)) ?? { answers: [] };
    if (answers.length > 0) reply(answers);
    if (error !== undefined) throw error;
    if (this.#context.observer === undefined) return 0;
    return answers.filter((answer) => answer !== "" && answer !== "false").length;
  }
}

/** A request as read, or the word that there will be no more. */
type Request = { readonly command: Command; readonly args: unknown } | "end";

/** Requests carried out together; more would hold up others for long. */
const MAX_TOGETHER = 64;
/** Lines of a stream answered in one go; more would make the first one wait for long. */
const MAX_BATCH = 2048;
