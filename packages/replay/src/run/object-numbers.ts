/** Numbers for names of sstate objects, counted from 0 as they come: all caches and builds of a replay know objects by them. */
export class ObjectNumbers {
  readonly #numbers = new Map<string, number>();
  readonly #names: string[] = [];

  /** The number of a name; a new one if it is. */
  of(name: string): number {
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    const number = this.#names.push(name) - 1;
    this.#numbers.set(name, number);
    return number;
  }

  /** The name that has this number. */
  nameOf(number: number): string {
    return this.#names[number] as string;
  }
}
