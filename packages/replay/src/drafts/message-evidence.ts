import { isNativesdk, recipeOfVariant } from "@depid/hash";
import type { HistoryCommit, HistoryStep } from "@depid/task-graph";
import type { EvidentOutcome, OwnChange } from "../outcomes/outcome-model.ts";
import { findTaskHabit } from "../outcomes/task-habits.ts";
import type { Evidence, EvidenceSource } from "./evidence.ts";

/** What words of a commit's title suggest. */
export interface MessageRule {
  readonly kind: string;
  /** Tried on what stands behind the recipe or class that the title begins with. */
  readonly words: RegExp;
  readonly outcome: EvidentOutcome;
  /** Outcome for native recipes, where it is another. */
  readonly native?: EvidentOutcome;
  /** Whether such a commit concerns the recipe that it names and no other. */
  readonly ofRecipe: boolean;
}

/** The first that matches a title counts; what no rule matches says nothing. The table with reasons is in docs/formats.md. */
export const MESSAGE_RULES: readonly MessageRule[] = [
  {
    kind: "lines of a patch's header",
    words: /\b(?:(?:signed-off|co-authored|reported)-by|upstream-status)\b/i,
    outcome: "neutral",
    ofRecipe: true,
  },
  { kind: "a patch refreshed", words: /\brefresh(?:ed)?\b.*\bpatch/i, outcome: "neutral", ofRecipe: true },
  {
    kind: "a comment in a script",
    words: /\bcomments?\b.*\b(?:script|wrapper)\b/i,
    outcome: "contained",
    ofRecipe: true,
  },
  {
    kind: "a comment or typo",
    words: /\bcomments?\b|\btypos?\b|\bwhite ?space\b|\bindent/i,
    outcome: "neutral",
    ofRecipe: false,
  },
  {
    kind: "tests that packages carry",
    words: /\bptests?\b|\bskip.?tests?\b|\bskip(?:ped)? .*\btests?\b/i,
    outcome: "contained",
    native: "neutral",
    ofRecipe: true,
  },
  { kind: "data for CVE checks", words: /\bCVE_(?:PRODUCT|VERSION|STATUS)\b/, outcome: "contained", ofRecipe: true },
  { kind: "a security fix", words: /\bCVE-\d/i, outcome: "contained", ofRecipe: true },
  { kind: "an upgrade", words: /\b(?:upgrade|update|bump)\b.*(?:->|\bto\b)/i, outcome: "propagating", ofRecipe: true },
  {
    kind: "license and descriptions",
    words: /\b(?:license|LIC_FILES_CHKSUM|SUMMARY|DESCRIPTION|HOMEPAGE|BUGTRACKER)\b/i,
    outcome: "contained",
    ofRecipe: true,
  },
  {
    kind: "another architecture",
    words: /\b(?:ppc64(?:le)?|powerpc|riscv(?:32|64)?|arm(?:v\w+)?|aarch(?:32|64)|mips\w*|loongarch\w*|s390x?)\b/i,
    outcome: "neutral",
    ofRecipe: false,
  },
  {
    kind: "checks",
    words: /\b(?:QA|lint|sanity|buildpaths?|shebang)\b|\bqa_|_qa\b/i,
    outcome: "neutral",
    ofRecipe: false,
  },
  {
    kind: "clean-up of code",
    words: /\b(?:clean ?up|refactor|simplify|reformat|de-?duplicate)\b/i,
    outcome: "neutral",
    ofRecipe: false,
  },
];

/** Begins of titles about checks and tests alone. */
const CHECKERS = /^(?:(?:classes\/)?(?:insane|sanity)(?:\.bbclass)?|oeqa(?:\/.*)?)$/;

/** A title taken apart. */
export interface CommitTitle {
  /** What the title begins with, up to a colon and without variants: recipes, classes, folders. */
  readonly subjects: readonly string[];
  readonly rule: MessageRule | undefined;
  /** The words that the rule found, or the subject. */
  readonly words: string;
}

/** Reads a title such as `mesa/mesa-tools-native: Upgrade 26.1.2 -> 26.1.4`. */
export function readTitle(title: string): CommitTitle {
  const [, subject = "", rest = title] = /^([^:\s][^:]*?):\s+(.*)$/s.exec(title) ?? [];
  const names = subject.split(/[,\s]+/).filter((it) => it !== "");
  const split = names.flatMap((it) => (/^(?:classes|conf|lib|scripts|meta|oeqa)\//.test(it) ? [it] : it.split("/")));
  const subjects = split.map((it) => recipeOfVariant(it.replace(/\.(?:bb|inc|bbclass|bbappend)$/, "")));
  const rule = MESSAGE_RULES.find((it) => it.words.test(rest));
  if (rule === undefined && CHECKERS.test(subject)) {
    return { subjects, rule: MESSAGE_RULES.find((it) => it.kind === "checks"), words: subject };
  }
  return { subjects, rule, words: rule?.words.exec(rest)?.[0] ?? "" };
}

/**
 * Guesses by the titles of a step's commits. Of several commits the one counts whose title names the recipe; if none does, the
 * last, as a step ends with a commit that changed something; unless that is about a recipe, as far as its title tells, and not
 * about this one.
 */
export function createMessageEvidence(): EvidenceSource {
  return {
    name: "messages",
    evidenceOf({ step, after }: OwnChange): Evidence | undefined {
      const commit = findCommitOf(step, after.pn);
      if (commit === undefined) return undefined;
      const { rule, words } = readTitle(commit.title);
      const habit = findTaskHabit(after.task);
      if (habit !== undefined) {
        const { kind, outcome, why } = habit;
        return { outcome, kind, details: [why], sure: false, commit: commit.id };
      }
      if (rule === undefined) return undefined;
      const isNative = recipeOfVariant(after.pn) !== after.pn && !isNativesdk(after.pn);
      const outcome = isNative ? (rule.native ?? rule.outcome) : rule.outcome;
      return { outcome, kind: rule.kind, details: [`the title says "${words}"`], sure: false, commit: commit.id };
    },
  };
}

/** The commit of a step that seems to have changed a recipe; `undefined` if none does. */
export function findCommitOf(step: Pick<HistoryStep, "id" | "commits">, pn: string): HistoryCommit | undefined {
  const named = step.commits.filter(({ title }) => readTitle(title).subjects.some((it) => isOf(pn, it)));
  const last = step.commits.at(-1);
  if (named.length > 0) return named.at(-1);
  if (last === undefined) return undefined;
  return readTitle(last.title).rule?.ofRecipe === true && step.commits.length > 1 ? undefined : last;
}

function isOf(pn: string, subject: string): boolean {
  const family = recipeOfVariant(pn);
  return family === subject || pn === subject || (subject.length > 2 && family.startsWith(`${subject}-`));
}
