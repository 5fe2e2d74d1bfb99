/** What checking one recording against the packages comes to. */
export type Verdict =
  | {
      readonly verdict: "agrees";
      /** Where it is known not to, and not meant to. */
      readonly but?: string;
    }
  | {
      readonly verdict: "differs";
      /** The first difference in the field's words: "line 7 of the siginfo: expected …, found …". */
      readonly difference: string;
    }
  | {
      readonly verdict: "awaits";
      /** What the packages cannot do yet. */
      readonly missing: string;
    };

/** One value shared by all that agrees. */
export const AGREES: Verdict = { verdict: "agrees" };
