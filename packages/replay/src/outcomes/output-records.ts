import { byCodePoint, type DepId, type TaskHash } from "@depid/hash";

/**
 * Where it is looked up what a hash equivalence server was told: a server that answers, or what was once in its tables. Batched; each taskhash is asked
 * once, whoever asks again (`rememberRecords`). Nothing is ever told to a server.
 */
export interface OutputRecords {
  /** What these records do not hold, and what is assumed of them: sentences for a report. */
  readonly notes: readonly string[];
  /** The depids that the server gives, in the order asked; `undefined` for taskhashes it does not know. */
  depidsOf(taskhashes: readonly TaskHash[]): Promise<readonly (DepId | undefined)[]>;
  /** What came out of tasks, in the order asked: the same text for equal outputs; `undefined` where nothing was reported. */
  outputsOf(taskhashes: readonly TaskHash[]): Promise<readonly (string | undefined)[]>;
}

/** A row of what a server was told: an output of a taskhash. */
export interface RecordedReport {
  /** The name space of taskhash and outhash. */
  readonly method: string;
  readonly taskhash: string;
  readonly outhash: string;
}

/** A row of what a server answers. */
export interface RecordedEquivalence {
  readonly method: string;
  readonly taskhash: string;
  readonly depid: string;
}

/** The tables of a server, or one of them. */
export interface OutputRecording {
  /** In the order in which they were reported. */
  readonly reports?: readonly RecordedReport[];
  readonly equivalences?: readonly RecordedEquivalence[];
}

/**
 * Records from tables. Outhashes of one taskhash are one output, as the server takes them. One table alone knows less: without reports, equal depids are
 * taken for equal outputs; without equivalences, depids are what the server's rule makes of the reports, each with its taskhash for a depid.
 *
 * @param method the name space that is looked into; rows of others are left out
 */
export function createTableRecords({ reports, equivalences }: OutputRecording, method: string): OutputRecords {
  const outputs = new OutputClasses();
  const depids = new Map<string, string>();
  const notes: string[] = [];
  let left = 0;
  const isOurs = (row: { readonly method: string }): boolean => {
    if (row.method === method) return true;
    left += 1;
    return false;
  };
  const ourReports = reports?.filter(isOurs);
  const ourEquivalences = equivalences?.filter(isOurs);
  for (const { taskhash, outhash } of ourReports ?? []) outputs.add(taskhash, outhash);
  if (ourEquivalences === undefined) {
    for (const [taskhash, depid] of depidsByRule(ourReports ?? [])) depids.set(taskhash, depid);
    notes.push("without a table of equivalences, depids are assumed to be what the server's rule makes of its reports");
  }
  for (const { taskhash, depid } of ourEquivalences ?? []) {
    if (!depids.has(taskhash)) depids.set(taskhash, depid);
    if (ourReports === undefined) outputs.add(taskhash, depid);
  }
  if (ourReports === undefined) {
    notes.push(
      "without a table of outhashes, equal depids are taken for equal outputs, also where they were only declared",
    );
  }
  if (left > 0) notes.push(`${left} rows of other methods than ${method} were left out`);
  return {
    notes,
    depidsOf: async (taskhashes) => taskhashes.map((taskhash) => depids.get(taskhash) as DepId | undefined),
    outputsOf: async (taskhashes) => taskhashes.map((taskhash) => outputs.find(taskhash)),
  };
}

/** The method that most rows are of; of equally many, the first by code point. `undefined` if there are none. */
export function mainMethodOf({ reports = [], equivalences = [] }: OutputRecording): string | undefined {
  const counts = new Map<string, number>();
  for (const { method } of [...reports, ...equivalences]) counts.set(method, (counts.get(method) ?? 0) + 1);
  return [...counts].sort(([a, n], [b, m]) => m - n || byCodePoint(a, b))[0]?.[0];
}

/** Records that ask others once for each taskhash. */
export function rememberRecords(records: OutputRecords): OutputRecords {
  const depids = new Map<TaskHash, DepId | undefined>();
  const outputs = new Map<TaskHash, string | undefined>();
  return {
    notes: records.notes,
    depidsOf: (taskhashes) => lookUp(depids, taskhashes, (unknown) => records.depidsOf(unknown)),
    outputsOf: (taskhashes) => lookUp(outputs, taskhashes, (unknown) => records.outputsOf(unknown)),
  };
}

async function lookUp<Value>(
  known: Map<TaskHash, Value>,
  taskhashes: readonly TaskHash[],
  ask: (unknown: readonly TaskHash[]) => Promise<readonly Value[]>,
): Promise<readonly Value[]> {
  const unknown = [...new Set(taskhashes.filter((taskhash) => !known.has(taskhash)))];
  if (unknown.length > 0) {
    const answers = await ask(unknown);
    unknown.forEach((taskhash, i) => {
      known.set(taskhash, answers[i] as Value);
    });
  }
  return taskhashes.map((taskhash) => known.get(taskhash) as Value);
}

/** The first report of an output decides the depid of those that follow; a taskhash keeps the depid it has (hashserv-protocol.md section 9). */
function depidsByRule(reports: readonly RecordedReport[]): ReadonlyMap<string, string> {
  const depids = new Map<string, string>();
  const ofOutputs = new Map<string, string>();
  for (const { taskhash, outhash } of reports) {
    const depid = depids.get(taskhash) ?? ofOutputs.get(outhash) ?? taskhash;
    depids.set(taskhash, depid);
    if (!ofOutputs.has(outhash)) ofOutputs.set(outhash, depid);
  }
  return depids;
}

/** Which outputs are the same: those with equal outhashes, and those of one taskhash. */
export class OutputClasses {
  readonly #above = new Map<string, string>();
  /** When an output was first heard of. */
  readonly #ages = new Map<string, number>();

  add(taskhash: string, outhash: string): void {
    const [task, output] = [`task ${taskhash}`, `output ${outhash}`];
    if (!this.#ages.has(output)) {
      this.#ages.set(output, this.#ages.size);
      this.#above.set(output, output);
    }
    const one = this.#root(task);
    const other = this.#root(output) as string;
    if (one === undefined) this.#above.set(task, other);
    else if (one !== other) {
      // The older name stays: it may have been told already.
      const [kept, gone] = this.#ageOf(one) < this.#ageOf(other) ? [one, other] : [other, one];
      this.#above.set(gone, kept);
    }
  }

  /** What came out of a task: a name that equal outputs share; `undefined` if nothing is known. */
  find(taskhash: string): string | undefined {
    return this.#root(`task ${taskhash}`)?.slice("output ".length);
  }

  #ageOf(output: string): number {
    return this.#ages.get(output) as number;
  }

  #root(member: string): string | undefined {
    let at = this.#above.get(member);
    if (at === undefined) return undefined;
    for (let next = this.#above.get(at) as string; next !== at; next = this.#above.get(at) as string) at = next;
    this.#above.set(member, at);
    return at;
  }
}
