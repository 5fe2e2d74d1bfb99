import { InvalidArgumentError } from "commander";

/** Reads the value of a flag: a whole number that is at least `least`. */
export function wholeNumberFrom(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || !Number.isSafeInteger(value) || value < least) {
      throw new InvalidArgumentError(`expected a whole number from ${least}`);
    }
    return value;
  };
}

/** Reads the value of a flag: a number, as a decimal, within these. */
export function decimalFrom(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+(?:\.\d+)?$/.test(text) || value < least || value > most) {
      throw new InvalidArgumentError(`expected a number from ${least} to ${most}`);
    }
    return value;
  };
}

/** The configuration that a user names: `default` is the one without a name. */
export function configNamed(name: string): string {
  return name === "default" ? "" : name;
}
