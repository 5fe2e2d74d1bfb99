import { ReleaseError } from "./errors.ts";

/**
 * How releases of BitBake, and OE-Core of the same time, decide differently (runqueue.md section 15). Everything else is as in the
 * newest one.
 */
export interface ReleaseRules {
  /**
   * Whose stamps of other versions go away (STAMPCLEAN): those of sstate tasks, before they run, by OE-Core's sstate class; or, up to
   * 2.2, those of every task as well, when BitBake stamps it.
   */
  readonly stampsCleaned: "sstate-tasks" | "all-tasks";
  /**
   * Which stamps STAMPCLEAN matches. With `*-*`, as before 2.16, those with a "-" in the last part of their base; from 2.6 on, OE-Core's
   * have none unless the version has, so that its sstate class removes hardly any stamps.
   */
  readonly stampCleanMask: "*" | "*-*";
  /** Whether `--runall` looks at the recipes that its tasks lead to, again and again, and makes its tasks targets: since 2.8. */
  readonly runAll: "fixed-point" | "once";
  /** Whether a hard dependency is wanted when it is its dependent's turn; before 2.8 it lost its users, and was one of its dependent's. */
  readonly hardDependencies: "wanted" | "users";
}

/** What this package goes by where nothing else is said: BitBake 2.16 and later, checked against recordings of 2.19. */
export const NEWEST_RELEASE: ReleaseRules = {
  stampsCleaned: "sstate-tasks",
  stampCleanMask: "*",
  runAll: "fixed-point",
  hardDependencies: "wanted",
};

/**
 * The rules of a release of BitBake.
 *
 * @param version of BitBake, such as "2.8" or "2.19.0"; what comes after the second number makes no difference
 * @throws {ReleaseError} when it is no version
 */
export function rulesOfRelease(version: string): ReleaseRules {
  const [, major, minor] = /^(\d+)\.(\d+)(?:\.|$)/.exec(version) ?? [];
  if (major === undefined) throw new ReleaseError(version);
  const isBefore = (number: number): boolean => Number(major) < 2 || (Number(major) === 2 && Number(minor) < number);
  return {
    stampsCleaned: isBefore(3) ? "all-tasks" : "sstate-tasks",
    stampCleanMask: isBefore(16) ? "*-*" : "*",
    runAll: isBefore(8) ? "once" : "fixed-point",
    hardDependencies: isBefore(8) ? "users" : "wanted",
  };
}
