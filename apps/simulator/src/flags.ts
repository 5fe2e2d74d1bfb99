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
