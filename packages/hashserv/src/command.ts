import type { Json, ServerSide } from "@depid/hashserv-protocol";
import type { Permission } from "./permissions.ts";
import type { RequestCounter } from "./request-counter.ts";
import type { Storage } from "./storage.ts";

/** What a command has to work with. */
export interface CommandContext {
  readonly storage: Storage;
  readonly counter: RequestCounter;
  /** What this connection may do. */
  readonly permissions: ReadonlySet<Permission>;
}

/** A request the server knows. */
export interface Command {
  readonly name: string;
  /** Checked before the arguments are looked at (section 6). */
  readonly needs: readonly Permission[];
  readonly run: (args: unknown, context: CommandContext) => Promise<Outcome>;
}

export interface Outcome {
  readonly answer: Json;
  /** The mode the connection is in after the answer; messages if there is none. */
  readonly stream?: Stream;
}

/** A stream mode: lines, one answer each (section 8). */
export interface Stream {
  /**
   * Answers lines that arrived together, in order, their trailing white space stripped.
   *
   * @returns an answer for each line up to the first bad one; `error` says what is wrong with that
   */
  readonly answer: (lines: readonly string[]) => Promise<StreamAnswers>;
}

export interface StreamAnswers {
  readonly answers: readonly string[];
  readonly error?: unknown;
}

/** A command that has an answer and leaves the connection's mode as it is. */
export function createCommand<Name extends string, Request, Answer>(
  method: ServerSide<Name, Request, Answer>,
  needs: readonly Permission[],
  handle: (request: Request, context: CommandContext) => Promise<Answer>,
): Command {
  return {
    name: method.name,
    needs,
    run: async (args, context) => ({
      answer: method.formatAnswer(await handle(method.parseArguments(args), context)),
    }),
  };
}

/**
 * A command that begins a stream.
 *
 * @param parse reads a line; what it throws ends the stream once the lines before are answered
 * @param answer answers what was read, in order
 */
export function createStreamCommand<Name extends string, Query>(
  method: ServerSide<Name, unknown, "ok">,
  needs: readonly Permission[],
  parse: (line: string) => Query,
  answer: (queries: readonly Query[], context: CommandContext) => Promise<readonly string[]>,
): Command {
  return {
    name: method.name,
    needs,
    run: async (_args, context) => ({
      answer: method.formatAnswer("ok"),
      stream: {
        answer: async (lines) => {
          const { queries, error } = parseUpToBad(lines, parse);
          const answers = queries.length === 0 ? [] : await answer(queries, context);
          return { answers, error };
        },
      },
    }),
  };
}

function parseUpToBad<Query>(lines: readonly string[], parse: (line: string) => Query) {
  const queries: Query[] = [];
  try {
    for (const line of lines) queries.push(parse(line));
    return { queries };
  } catch (error) {
    return { queries, error };
  }
}
