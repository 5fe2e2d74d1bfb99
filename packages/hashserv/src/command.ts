import type { Json, ServerSide } from "@depid/hashserv-protocol";
import type { Permission } from "./permissions.ts";
import type { Service } from "./service.ts";
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

/** Who may make a request, where this is not what most have: anybody with the permissions, and to a server that writes. */
export type Rules = Partial<Pick<Command, "anonymous" | "selfService" | "readOnly">>;

const RULES = { anonymous: true, selfService: false, readOnly: false };

/** A command that has an answer and leaves the connection's mode as it is. */
export function createCommand<Name extends string, Request, Answer>(
  method: ServerSide<Name, Request, Answer>,
  needs: readonly Permission[],
  handle: (request: Request, context: CommandContext) => Promise<Answer>,
  rules: Rules = {},
): Command {
  return {
    ...RULES,
    ...rules,
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
  rules: Rules = {},
): Command {
  return {
    ...RULES,
    ...rules,
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
