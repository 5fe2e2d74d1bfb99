import { InvalidArgumentError, Option } from "commander";
import type { Arguments } from "./command.ts";

type Pair = readonly [key: string, value: string];

/** The option `-w KEY VALUE`, which may be given several times. */
export function createWhereOption(description: string): Option {
  return new Option("-w, --where <key value>", description).default([]).argParser(addPair);
}

/** What `-w` asked for, by column; the last of equal ones counts. */
export function readWhere({ options }: Arguments): Readonly<Record<string, string>> {
  return Object.fromEntries((options.where ?? []) as readonly Pair[]);
}

/** What was asked for, in words. */
export function describeWhere(where: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(where).map(([key, value]) => `${key} ${JSON.stringify(value)}`);
  return pairs.length === 0 ? "what was asked for, which is nothing (--where)" : pairs.join(" and ");
}

/** Makes one word of the two that follow `-w`, since commander knows options of one value only. */
export function joinWherePairs(args: readonly string[]): readonly string[] {
  const joined: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const word = args[at] ?? "";
    const [key, value] = [args[at + 1], args[at + 2]];
    if ((word === "-w" || word === "--where") && key !== undefined && value !== undefined) {
      joined.push(`--where=${JSON.stringify([key, value])}`);
      at += 2;
    } else joined.push(word);
  }
  return joined;
}

function addPair(text: string, before: readonly Pair[]): readonly Pair[] {
  try {
    return [...before, JSON.parse(text) as Pair];
  } catch {
    throw new InvalidArgumentError("expected KEY VALUE");
  }
}
