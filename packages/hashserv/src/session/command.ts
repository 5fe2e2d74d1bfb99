import type { Json, ServerSide } from "@depid/hashserv-protocol";
import { andThen, type MaybePromise } from "../maybe-promise.ts";
import type { Service } from "../service.ts";
import type { Permission } from "./permissions.ts";
import type { Admission, Visitor } from "./visitor.ts";

/** What a command has to work with. */
export interface CommandContext extends Service {
  /** Who asks. */
  readonly visitor: Visitor;
}

/** A request the server knows. Who may make it is checked before the arguments are looked at (section 6). */
export interface Command extends Admission {
  readonly name: string;
  /** Whether a server that may not write has it. */
  readonly readOnly: boolean;
  readonly run: (args: unknown, context: CommandContext) => MaybePromise<Outcome>;
  /** Does the same for requests that arrived together, in order, where that is cheaper than one after the other. */
  readonly runAll?: (args: readonly unknown[], context: CommandContext) => Promise<Answers<Json>>;
}

export interface Outcome {
  readonly answer: Json;
  /** The mode the connection is in after the answer; messages if there is none. */
  readonly stream?: Stream;
}

/** A stream mode: lines, one answer each (section 8). */
export interface Stream {
  /** What its answers are. Of words a client does not tell a refusal from an answer. */
  readonly answers: "words" | "messages";
  /** Answers lines that arrived together, in order, their trailing white space stripped. */
  readonly answer: (lines: readonly string[]) => MaybePromise<Answers<string>>;
}

/** An answer for each of several requests, up to the first bad one; `error` says what is wrong with that. */
export interface Answers<Answer> {
  readonly answers: readonly Answer[];
  readonly error?: unknown;
}

/** Who may make a request, where this is not what most have: anybody with the permissions, and to a server that writes. */
export type Rules = Partial<Pick<Command, "anonymous" | "selfService" | "readOnly">>;

const RULES = { anonymous: true, selfService: false, readOnly: false };

/** A command that has an answer and leaves the connection's mode as it is. */
export function createCommand<Name extends string, Request, Answer>(
  method: ServerSide<Name, Request, Answer>,
  needs: readonly Permission[],
  handle: (request: Request, context: CommandContext) => MaybePromise<Answer>,
  rules: Rules = {},
): Command {
  return {
    ...RULES,
    ...rules,
    name: method.name,
    needs,
    run: (args, context) =>
      andThen(handle(method.parseArguments(args), context), (answer) => ({ answer: method.formatAnswer(answer) })),
  };
}

/**
 * A command of which several that arrived together are carried out together.
 *
 * @param handle answers requests in order; what it gives up to an error is answered before that
 */
export function createBatchCommand<Name extends string, Request, Answer>(
  method: ServerSide<Name, Request, Answer>,
  needs: readonly Permission[],
  handle: (requests: readonly Request[], context: CommandContext) => Promise<Answers<Answer>>,
  rules: Rules = {},
): Command {
  const runAll = async (all: readonly unknown[], context: CommandContext): Promise<Answers<Json>> => {
    const { queries, error } = parseUpToBad(all, (args) => method.parseArguments(args));
    const done = queries.length === 0 ? { answers: [] } : await handle(queries, context);
    return { answers: done.answers.map((answer) => method.formatAnswer(answer)), error: done.error ?? error };
  };
  return {
    ...RULES,
    ...rules,
    name: method.name,
    needs,
    runAll,
    run: async (args, context) => {
      const { answers, error } = await runAll([args], context);
      if (error !== undefined) throw error;
      return { answer: answers[0] ?? null };
    },
  };
}

/**
 * A command that begins a stream.
 *
 * @param answers what its answers are
 * @param parse reads a line; what it throws ends the stream once the lines before are answered
 * @param answer answers what was read, in order
 */
export function createStreamCommand<Name extends string, Query>(
  method: ServerSide<Name, unknown, "ok">,
  answers: Stream["answers"],
  needs: readonly Permission[],
  parse: (line: string) => Query,
  answer: (queries: readonly Query[], context: CommandContext) => MaybePromise<readonly string[]>,
  rules: Rules = {},
): Command {
  return {
    ...RULES,
    ...rules,
    name: method.name,
    needs,
    run: (_args, context) => ({
      answer: method.formatAnswer("ok"),
      stream: {
        answers,
        answer: (lines) => {
          const { queries, error } = parseUpToBad(lines, parse);
          if (queries.length === 0) return { answers: [], error };
          return andThen(answer(queries, context), (given) => ({ answers: given, error }));
        },
      },
    }),
  };
}

function parseUpToBad<Text, Query>(texts: readonly Text[], parse: (text: Text) => Query) {
  const queries: Query[] = [];
  try {
    for (const text of texts) queries.push(parse(text));
    return { queries };
  } catch (error) {
    return { queries, error };
  }
}
