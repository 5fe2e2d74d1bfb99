import {
  type Framing,
  findCommand,
  formatInvokeError,
  GreetingDecoder,
  isStreamEnd,
  LINE_FRAMING,
  type Message,
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
        at +=
          this.#stream === undefined ? await this.#line(lines[at] ?? "", reply) : await this.#lines(lines, at, reply);
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

  /** A line outside a stream. @returns the number of lines handled */
  async #line(line: string, reply: Reply): Promise<number> {
    if (this.#greeting !== undefined) {
      const answer = this.#greeting.push(line);
      if (answer !== undefined) this.#greeting = undefined;
      if (answer !== undefined && answer.length > 0) reply(answer);
      return 1;
    }
    const message = this.#messages.push(line);
    if (message !== undefined) await this.#message(message, reply);
    return 1;
  }

  async #message({ value, chunked }: Message, reply: Reply): Promise<void> {
    if (value === null && !chunked) {
      this.#ended = true;
      return;
    }
    const name = findCommand(value, this.#names);
    const command = this.#commands.find((known) => known.name === name) as Command;
    const start = performance.now();
    let [found, missed] = [0, 0];
    try {
      const args = this.#context.visitor.admit(command, (value as Record<string, unknown>)[name]);
      const { answer, stream } = await command.run(args, this.#context);
      this.#stream = stream && { name, answer: stream.answer };
      [found, missed] = answer === null ? [0, 1] : [1, 0];
      reply(this.#framing.formatMessage(answer));
    } finally {
      // In a stream each line counts, its opening does not (section 7, get-stats).
      if (this.#stream === undefined) account(this.#context, start, { name, count: 1, found, missed });
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

/** Lines of a stream answered in one go; more would make the first one wait for long. */
const MAX_BATCH = 2048;
