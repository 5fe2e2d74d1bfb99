import { InvalidArgumentError } from "commander";

/** Reads the value of a flag. @throws {InvalidArgumentError} that says what was expected; commander puts the flag and the value before it */
export type ReadFlag<T> = (text: string) => T;

/** A whole number that is at least `least`; without it, any. */
export function wholeNumber(least?: number): ReadFlag<number> {
  return (text) => {
    const value = Number(text);
    if (!/^-?\d+$/.test(text) || !Number.isSafeInteger(value) || (least !== undefined && value < least)) {
      throw new InvalidArgumentError(`expected a whole number${least === undefined ? "" : ` from ${least}`}`);
    }
    return value;
  };
}

/** A number, as a decimal, within these. */
export function decimal(least: number, most: number): ReadFlag<number> {
  return (text) => {
    const value = Number(text);
    if (!/^\d+(?:\.\d+)?$/.test(text) || value < least || value > most) {
      throw new InvalidArgumentError(`expected a number from ${least} to ${most}`);
    }
    return value;
  };
}

/** Seconds, more than none, and at most these. */
export function seconds(most = Number.MAX_VALUE): ReadFlag<number> {
  return (text) => {
    const value = Number(text);
    if (!(value > 0 && value <= most)) {
      throw new InvalidArgumentError(
        most === Number.MAX_VALUE ? "expected a positive number" : `expected a number of seconds, up to ${most}`,
      );
    }
    return value;
  };
}

/** `all`, for which `most` stands, or what else is read. */
export function orAll<T>(read: ReadFlag<T>, most: T): ReadFlag<T> {
  return (text) => (text === "all" ? most : read(text));
}

/** A flag that may be given several times: its values in order. */
export function repeated<T>(read: ReadFlag<T>): (text: string, before?: readonly T[]) => readonly T[] {
  return (text, before = []) => [...before, read(text)];
}

/** `NAME=VALUE`, several times: the last of a name counts. */
export function settings(text: string, before: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const [, name, value] = /^(\w+)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) throw new InvalidArgumentError("expected NAME=VALUE");
  return new Map([...before, [name, value]]);
}

/** Members with commas between, without the blanks around them. */
export function list(text: string): readonly string[] {
  return text.split(",").map((member) => member.trim());
}
