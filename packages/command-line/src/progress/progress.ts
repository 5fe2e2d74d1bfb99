/** How far work is. Of a stage it is the name that tells, of things that are counted their number. */
export interface ProgressStep {
  /** What is done now: a line that can stand alone, such as "replay: step 3 of 42". */
  readonly stage?: string;
  /** What is counted, in the plural: "signature files". */
  readonly things?: string;
  /** How many are done, and how many there are; without that nobody knows. */
  readonly done?: number;
  readonly total?: number;
  /** More for somebody who watches. */
  readonly detail?: string;
}

/** Is told by long work how far it is. */
export interface Progress {
  /** Cheap enough for each of a million. Whoever works without a pause gives timers their turn themselves. */
  update(step: ProgressStep): void;
  /** A line that stays. */
  note(line: string): void;
  /** There is no more to come. May be called again. */
  end(): void;
}

/** Nobody is told. */
export const noProgress: Progress = { update() {}, note() {}, end() {} };
