/** What one build asks of the equivalence server and leaves in the sstate cache. */
export interface Traffic {
  /** Depids that the builder looks up. */
  readonly lookups: number;
  /** Batches in which it does: one for each generation of tasks. */
  readonly batches: number;
  /** Outputs that it reports, and equivalences that it declares. */
  readonly reports: number;
  /** Objects that were not in the cache before. */
  readonly objects: number;
}

/** What each figure means; printed with every report that has them, in this order. */
export const TRAFFIC_DEFINITIONS: Readonly<Record<keyof Traffic, string>> = {
  lookups:
    "depids that builds ask the server for; a new builder asks for each task that can be restored, a kept one for what it does not remember",
  batches: "batches of look-ups, one for each generation of tasks that depend on each other: a round trip each",
  reports: "outputs told to the server as tasks finish, and equivalences declared: a round trip each",
  objects: "objects added to the sstate cache",
};

export const trafficNames = Object.keys(TRAFFIC_DEFINITIONS) as readonly (keyof Traffic)[];

export const NO_TRAFFIC: Traffic = { lookups: 0, batches: 0, reports: 0, objects: 0 };

export function addTraffic(a: Traffic, b: Traffic): Traffic {
  return Object.fromEntries(trafficNames.map((name) => [name, a[name] + b[name]])) as never;
}
