/** Edges of a graph whose nodes are integers: those of node `i` are `list[start[i]]` up to before `list[start[i + 1]]`. */
export interface Adjacency {
  readonly start: Int32Array;
  readonly list: Int32Array;
}

/** Packs a list of neighbours per node. */
export function packAdjacency(neighbours: readonly (readonly number[])[]): Adjacency {
  const start = new Int32Array(neighbours.length + 1);
  for (let i = 0; i < neighbours.length; i++) {
    start[i + 1] = (start[i] as number) + (neighbours[i] as readonly number[]).length;
  }
  const list = new Int32Array(start[neighbours.length] as number);
  neighbours.forEach((of, i) => {
    list.set(of, start[i] as number);
  });
  return { start, list };
}

/** The same edges seen from their other ends; neighbours in ascending order. */
export function invertAdjacency({ start, list }: Adjacency): Adjacency {
  const size = start.length - 1;
  const inverse = new Int32Array(size + 1);
  for (const to of list) inverse[to + 1] = (inverse[to + 1] as number) + 1;
  for (let i = 0; i < size; i++) inverse[i + 1] = (inverse[i + 1] as number) + (inverse[i] as number);
  const fill = inverse.slice(0, size);
  const from = new Int32Array(list.length);
  for (let i = 0; i < size; i++) {
    for (let k = start[i] as number; k < (start[i + 1] as number); k++) {
      const to = list[k] as number;
      const place = fill[to] as number;
      from[place] = i;
      fill[to] = place + 1;
    }
  }
  return { start: inverse, list: from };
}

/** How many neighbours a node has. */
export function degreeOf({ start }: Adjacency, node: number): number {
  return (start[node + 1] as number) - (start[node] as number);
}

/** How many neighbours each node has. */
export function degreesOf({ start }: Adjacency): Int32Array {
  const degrees = new Int32Array(start.length - 1);
  for (let node = 0; node < degrees.length; node++)
    degrees[node] = (start[node + 1] as number) - (start[node] as number);
  return degrees;
}

/** The neighbours of a node, as a view. */
export function neighboursOf({ start, list }: Adjacency, node: number): Int32Array {
  return list.subarray(start[node], start[node + 1]);
}

/**
 * The nodes in an order in which each comes after all that `before` leads to from it, without those that are in a circle or behind one.
 *
 * @param before for each node, those that must come first
 * @param after the same edges inverted
 */
export function orderNodes(before: Adjacency, after: Adjacency): Int32Array {
  const size = before.start.length - 1;
  const left = degreesOf(before);
  const order = new Int32Array(size);
  let end = 0;
  for (let i = 0; i < size; i++) if (left[i] === 0) order[end++] = i;
  for (let at = 0; at < end; at++) {
    const node = order[at] as number;
    for (let k = after.start[node] as number; k < (after.start[node + 1] as number); k++) {
      const next = after.list[k] as number;
      const remaining = (left[next] as number) - 1;
      left[next] = remaining;
      if (remaining === 0) order[end++] = next;
    }
  }
  return order.subarray(0, end);
}
