import { runDepid } from "../../apps/simulator/src/testing/run-depid.ts";

/** A command that prints a document. */
export interface Example {
  /** What is in it that is in no other. */
  readonly what: string;
  /** Runs the command. @param folder empty, for files that it needs. @returns what is on stdout */
  print(folder: string): Promise<string>;
}

/** A command of `depid`. */
export interface CommandExample extends Example {
  /** Its arguments. @param folder empty, for files that it needs */
  prepare(folder: string): readonly string[] | Promise<readonly string[]>;
}

/** An example by the arguments of `depid`. */
export function depid(what: string, ...args: readonly string[]): CommandExample {
  return depidWith(what, () => args);
}

/** The same with files that are made first. */
export function depidWith(
  what: string,
  prepare: (folder: string) => readonly string[] | Promise<readonly string[]>,
): CommandExample {
  return {
    what,
    prepare,
    print: async (folder) => {
      const { stdout, stderr } = await runDepid(...(await prepare(folder)), "--json");
      if (stdout === "") throw new Error(`nothing printed: ${stderr}`);
      return stdout;
    },
  };
}
