/** A map under two texts. Not one joined text: any character may be part of either. */
export class TwoKeyMap<T> {
  readonly #maps = new Map<string, Map<string, T>>();

  get(first: string, second: string): T | undefined {
    return this.#maps.get(first)?.get(second);
  }

  set(first: string, second: string, value: T): void {
    const map = this.#maps.get(first);
    if (map === undefined) this.#maps.set(first, new Map([[second, value]]));
    else map.set(second, value);
  }

  delete(first: string, second: string): void {
    const map = this.#maps.get(first);
    if (map?.delete(second) && map.size === 0) this.#maps.delete(first);
  }
}
