/** `error`: builds fail or lose what they made; `warning`: builds do more than they need; `note`: worth knowing. */
export type Severity = "error" | "warning" | "note";

/** One thing that was seen, by the names of its fields: `recipe`, `task`, `depid`, `path` are usual. */
export type Example = Readonly<Record<string, string | number>>;

/** How often something was seen, and what it looks like. */
export interface Sighting {
  readonly count: number;
  /** The first of them, as many as were asked for. */
  readonly examples: readonly Example[];
}

/** Something that is not as it should be. */
export interface Finding {
  /** What kind of finding this is, in words that stay: `empty-object`. */
  readonly id: string;
  readonly severity: Severity;
  /** What was seen, in a sentence. */
  readonly seen: string;
  readonly count: number;
  readonly examples: readonly Example[];
  /** What comes of it. */
  readonly why: string;
  /** What to do about it: settings and commands, the best first. */
  readonly wayOut: readonly string[];
}

/** Nothing was seen. */
export const NOTHING: Sighting = { count: 0, examples: [] };

/** Makes a finding of what was seen; `undefined` if there was nothing. */
export type Rule<Seen> = (seen: Seen) => Finding | undefined;

const ORDER: Readonly<Record<Severity, number>> = { error: 0, warning: 1, note: 2 };

/** Findings of all rules that found something, in the order of the rules. */
export function applyRules<Seen>(rules: readonly Rule<Seen>[], seen: Seen): readonly Finding[] {
  return rules.map((rule) => rule(seen)).filter((finding) => finding !== undefined);
}

/** Errors first, then warnings, then notes; otherwise in the order given. */
export function bySeverity(findings: readonly Finding[]): readonly Finding[] {
  return [...findings].sort((a, b) => ORDER[a.severity] - ORDER[b.severity]);
}

/** A rule about one sighting: a finding if it is not empty. */
export function ruleAbout<Seen>(
  find: (seen: Seen) => Sighting,
  describe: (sighting: Sighting, seen: Seen) => Omit<Finding, "count" | "examples">,
): Rule<Seen> {
  return (seen) => {
    const sighting = find(seen);
    return sighting.count === 0
      ? undefined
      : { ...describe(sighting, seen), count: sighting.count, examples: sighting.examples };
  };
}

/** "1 object", "2,000 objects", "2 classes". */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString("en-US")} ${count === 1 ? one : many}`;
}
