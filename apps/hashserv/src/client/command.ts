import type { Example } from "@depid/command-line";
import type { Progress } from "@depid/command-line/progress";
import type { HashClient } from "@depid/hashserv-client";
import type { Json } from "@depid/hashserv-protocol";
import type { Command as Commander } from "commander";
import type { ClientDocument } from "../documents/index.ts";

/** What a subcommand has to work with. */
export interface ClientContext {
  readonly client: HashClient;
  /** Another connection to the same server, with the same login. */
  readonly openAnother: () => Promise<HashClient>;
  /** Lines of stdin. */
  readonly input: AsyncIterable<string>;
  /** Takes text for stdout before the command has ended. */
  readonly write: (text: string) => void;
  readonly warn: (line: string) => void;
  readonly progress: Progress;
  readonly json: boolean;
}

/** What a subcommand comes to. */
export type Result = Told | Answered;

interface Told {
  /** For people, without the LF of the last line; `undefined` prints nothing. */
  readonly text?: string | undefined;
  /** The same for programs, printed in its place with `--json`. */
  readonly json: ClientDocument;
  /** The exit status, 0 unless told. */
  readonly status?: number;
}

interface Answered {
  /** As the server gave it; printed alike for people and programs, but for `null`, which people do not see. */
  readonly answer: Json;
}

/** A subcommand of `depid-hashclient`. */
export interface ClientCommand {
  /** Name and arguments as commander has them. */
  readonly syntax: string;
  readonly summary: string;
  readonly examples: readonly [Example, Example, ...Example[]];
  /** Adds its options. */
  readonly configure?: (command: Commander) => Commander;
  /** Loads what carries it out, which nobody who is told of it waits for. */
  readonly load: () => Promise<RunCommand>;
}

/** Carries out a subcommand. */
export type RunCommand = (context: ClientContext, args: Arguments) => Promise<Result>;

/** What stood on the command line behind a subcommand. */
export interface Arguments {
  /** Each argument by its place, as its parser gives it; one that takes several is an array. */
  readonly args: readonly unknown[];
  readonly options: Readonly<Record<string, unknown>>;
}

/** An argument that is one word. */
export function argument({ args }: Arguments, place: number): string {
  const found = args[place];
  return typeof found === "string" ? found : "";
}

/** The text an option has, if it was given. */
export function textOption({ options }: Arguments, name: string): string | undefined {
  const found = options[name];
  return typeof found === "string" ? found : undefined;
}
