import {
  type Framing,
  findCommand,
  formatInvokeError,
  GreetingDecoder,
  isStreamEnd,
  LINE_FRAMING,
  OldProtocolError,
  ProtocolError,
  STREAM_ENDED,
} from "@depid/hashserv-protocol";
import { PermissionError } from "../errors.ts";
import { andFinally, andThen, type MaybePromise } from "../maybe-promise.ts";
import type { Service } from "../service.ts";
import type { Answers, Command, CommandContext, Outcome, Stream } from "./command.ts";
import { COMMANDS, READ_ONLY_COMMANDS } from "./commands.ts";
import { account } from "./observer.ts";
import { Visitor } from "./visitor.ts";

export interface SessionOptions {
  readonly service: Service;
  /** How messages travel on this connection; as on stream sockets unless told. */
  readonly framing?: Framing;
  /** Characters a message in chunks may have; 64 Mi unless told. */
  readonly maxMessage?: number | undefined;
  /** From where the client comes; on this machine unless told. */
  readonly address?: string;
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
  readonly #framing: Framing;
  #messages: ReturnType<Framing["createDecoder"]>;
  #greeting: GreetingDecoder | undefined = new GreetingDecoder();
  #stream: NamedStream | undefined;
  #objection: OldProtocolError | undefined;
  #ended = false;

  constructor({ service, framing = LINE_FRAMING, maxMessage, address }: SessionOptions) {
    this.#context = { ...service, visitor: new Visitor(service.anonymous, address) };
    this.#framing = framing;
    this.#messages = framing.createDecoder(maxMessage);
    this.#commands = service.readOnly ? READ_ONLY_COMMANDS : COMMANDS;
  }

  /** Whether the greeting is complete. */
  get greeted(): boolean {
    return this.#greeting === undefined;
  }

  /** Whether the connection is to be closed. Lines behind that are not looked at. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Why the client cannot be served. It is told when it has said what it wants, or when nothing comes. */
  get objection(): ProtocolError | undefined {
    return this.#objection;
  }

  /** Characters of a message that is not complete. */
  get held(): number {
    return this.#messages.held;
  }

  /**
   * Handles lines, without their LF, from `from` on: all there are, also those added meanwhile, or as many as it may. To be
   * called again when it is through with them.
   *
   * @param reply takes lines to be sent, as soon as there are some
   * @param mayGoOn asked between requests, and between parts of a stream
   * @returns the number of lines that were handled; a promise if something has to be waited for
   */
  receive(lines: readonly string[], reply: Reply, from = 0, mayGoOn: () => boolean = alwaysMay): MaybePromise<number> {
    let at = from;
    try {
      while (at < lines.length && !this.#ended) {
        const handled = this.#next(lines, at, reply);
        if (typeof handled !== "number") return this.#receiveRest(lines, { from, at, handled }, reply, mayGoOn);
        at += handled;
        if (at < lines.length && !mayGoOn()) break;
      }
    } catch (error) {
      this.refuse(error, reply);
    }
    return at - from;
  }

  async #receiveRest(
    lines: readonly string[],
    { from, at, handled }: { readonly from: number; at: number; handled: MaybePromise<number> },
    reply: Reply,
    mayGoOn: () => boolean,
  ): Promise<number> {
    try {
      at += await handled;
      while (at < lines.length && !this.#ended && mayGoOn()) at += await this.#next(lines, at, reply);
    } catch (error) {
      this.refuse(error, reply);
    }
    return at - from;
  }

  /** @returns the number of lines handled */
  #next(lines: readonly string[], at: number, reply: Reply): MaybePromise<number> {
    if (this.#objection !== undefined) return this.#object(this.#objection, lines[at] ?? "", reply);
    if (this.#greeting !== undefined) return this.#greet(this.#greeting, lines[at] ?? "", reply);
    if (this.#stream === undefined) return this.#requests(lines, at, reply);
    return this.#lines(this.#stream, lines, at, reply);
  }

  /**
   * Ends the session. What was wrong with a request is told (section 14, item 4). A failure of the server itself is not: a build
   * survives a connection that closes, and repeats its request; it does not survive an error (docs/differences.md). Nor is
   * anything told in a stream where a client would take it for an answer.
   */
  refuse(error: unknown, reply: Reply): void {
    this.#ended = true;
    this.#messages = this.#framing.createDecoder();
    const expected = error instanceof ProtocolError || error instanceof PermissionError;
    const reason = error instanceof Error ? error.message : String(error);
    this.#context.observer?.refused();
    this.#context.log(expected ? "INFO" : "ERROR", `request refused: ${reason}`);
    if (expected && this.#stream?.answers !== "words") reply(this.#framing.formatMessage(formatInvokeError(reason)));
  }

  /** @returns the number of lines handled */
  #greet(greeting: GreetingDecoder, line: string, reply: Reply): number {
    try {
      const answer = greeting.push(line);
      if (answer !== undefined) this.#greeting = undefined;
      if (answer !== undefined && answer.length > 0) reply(answer);
    } catch (error) {
      if (!(error instanceof OldProtocolError)) throw error;
      this.#objection = error;
    }
    return 1;
  }

  /** Old clients take a refused report for an answer, and end the build; if the connection closes they go on without. */
  #object(objection: OldProtocolError, line: string, reply: Reply): number {
    if (line.trim() === "") return 1;
    this.refuse(objection, line.startsWith('{"report') ? () => {} : reply);
    return 1;
  }

  /** The next request, and as many as can be carried out together with it. @returns the number of lines handled */
  #requests(lines: readonly string[], from: number, reply: Reply): MaybePromise<number> {
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
    const before = command === undefined ? undefined : this.#runAll(command, together, reply);
    return andThen(
      andThen(before, () => this.#runLast(next, reply)),
      () => {
        if (fault !== undefined) throw fault;
        return at - from;
      },
    );
  }

  #runLast(next: Request | undefined, reply: Reply): MaybePromise<void> {
    if (next === "end") this.#ended = true;
    else if (next !== undefined) return this.#run(next, reply);
  }

  /** @returns undefined while a request in chunks is not complete */
  #read(line: string): Request | undefined {
    const message = this.#messages.push(line);
    if (message === undefined) return undefined;
    const { value, chunked } = message;
    if (value === null && !chunked) return "end";
    return findCommand(value, this.#commands);
  }

  #run({ command, args }: Exclude<Request, "end">, reply: Reply): MaybePromise<void> {
    const { name } = command;
    const start = performance.now();
    let [found, missed] = [0, 0];
    const answered = ({ answer, stream }: Outcome): void => {
      this.#stream = stream && { name, ...stream };
      [found, missed] = answer === null ? [0, 1] : [1, 0];
      reply(this.#framing.formatMessage(answer));
    };
    return andFinally(
      () => andThen(command.run(this.#context.visitor.admit(command, args), this.#context), answered),
      () => {
        // In a stream each line counts, its opening does not (section 7, get-stats).
        if (this.#stream === undefined) account(this.#context, start, { name, count: 1, found, missed });
      },
    );
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
      for (const answer of answers) reply(this.#framing.formatMessage(answer));
      if (error !== undefined) throw error;
    } finally {
      account(this.#context, start, { name, count, found, missed: 0 });
    }
  }

  /** Lines of a stream from `from` on, up to one that leaves it. @returns the number of lines handled */
  #lines(stream: NamedStream, lines: readonly string[], from: number, reply: Reply): MaybePromise<number> {
    const queries: string[] = [];
    let end: string | undefined;
    for (let at = from; at < lines.length && end === undefined && queries.length < MAX_BATCH; at++) {
      const line = this.#framing.trim(lines[at] ?? "");
      if (isStreamEnd(line)) end = line;
      else queries.push(line);
    }
    const start = performance.now();
    const answering = queries.length === 0 ? NO_ANSWERS : stream.answer(queries);
    return andThen(answering, ({ answers, error }) => {
      if (answers.length > 0) reply(answers);
      if (error !== undefined) throw error;
      if (end !== undefined) {
        this.#stream = undefined;
        reply([STREAM_ENDED]);
      }
      const handled = queries.length + (end === undefined ? 0 : 1);
      const found = this.#context.observer === undefined ? 0 : countFound(answers);
      const missed = queries.length - found;
      account(this.#context, start, { name: stream.name, count: end === "" ? handled - 1 : handled, found, missed });
      return handled;
    });
  }
}

const alwaysMay = () => true;

/** A stream the connection is in, and which. */
interface NamedStream extends Stream {
  readonly name: string;
}

const NO_ANSWERS: Answers<string> = { answers: [] };

/** How many of the answers of a stream are something else than that there is nothing. */
function countFound(answers: readonly string[]): number {
  let found = 0;
  for (const answer of answers) if (answer !== "" && answer !== "false") found++;
  return found;
}

/** A request as read, or the word that there will be no more. */
type Request = { readonly command: Command; readonly args: unknown } | "end";

/** Requests carried out together; more would hold up others for long. */
const MAX_TOGETHER = 64;
/** Lines of a stream answered in one go; more would make the first one wait for long. */
const MAX_BATCH = 2048;
