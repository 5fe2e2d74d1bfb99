import {
  type ChangeClass,
  type ClassifiedTask,
  classifyTask,
  describeChange,
  diffOf,
  type SuggestedOutcome,
} from "@depid/compare";
import { recipeOfName, taskName } from "@depid/hash";
import { type EvidenceSource, findTaskHabit, type OutcomeSource, outcomesOf } from "@depid/replay";
import type { Task } from "@depid/task-graph";
import { GUESSES } from "./class-names.ts";
import { type ClassOdds, drawOutcome } from "./class-odds.ts";

const FARTHER: readonly SuggestedOutcome[] = ["neutral", "contained", "propagating"];
/** Characters of a changed text that a reason shows. */
const SHOWN = 50;

/** Guesses by the class of a change: evidence from texts, never a fact. Says nothing where texts are missing or tell nothing. */
export function createClassEvidence(): EvidenceSource {
  return {
    name: "classes",
    evidenceOf({ before, after }) {
      const classified = classifyTask(before, after);
      const outcome = guess(classified);
      if (outcome === undefined) return undefined;
      const habit = findTaskHabit(after.task);
      if (habit !== undefined) {
        return { outcome: habit.outcome, kind: habit.kind, details: [habit.why], sure: false };
      }
      return { outcome, kind: classified.class.name, details: detailsOf(classified), sure: false };
    },
  };
}

/** The same as a member of a chain of outcomes. */
export function createClassOutcomes(): OutcomeSource {
  return outcomesOf(createClassEvidence());
}

/**
 * Outcomes drawn by the class of a change, with a probability for each: what one step does in one recipe by changes of one class is drawn once.
 *
 * @param seed the same text draws the same
 */
export function createDrawnClasses(odds: ClassOdds, seed: string, name: string): OutcomeSource {
  return {
    name,
    outcomeOf({ step, before, after }) {
      const drawn = ({ name }: ChangeClass) =>
        drawOutcome(odds.get(name), `${seed} class ${step.step} ${recipeOf(after)} ${name}`);
      return guess(classifyTask(before, after), drawn);
    },
  };
}

function recipeOf(task: Task): string {
  return recipeOfName(taskName(task));
}

/**
 * Of several changes the one that reaches farthest; nothing as soon as one tells nothing and none propagates.
 *
 * @param guessOf what a class lets one guess
 */
function guess(
  { changes, class: whole }: ClassifiedTask,
  guessOf: (of: ChangeClass) => SuggestedOutcome | undefined = suggestedBy,
): SuggestedOutcome | undefined {
  if (whole.name === "version upgrade") return guessOf(whole);
  const guesses = changes.map((it) => guessOf(it.class));
  if (guesses.includes("propagating")) return "propagating";
  if (guesses.length === 0 || guesses.includes(undefined)) return undefined;
  return FARTHER[Math.max(...guesses.map((it) => FARTHER.indexOf(it as SuggestedOutcome)))];
}

function suggestedBy({ name, suggests }: ChangeClass): SuggestedOutcome | undefined {
  return GUESSES[name] === "nothing" ? undefined : suggests;
}

function detailsOf({ changes, class: whole }: ClassifiedTask): string[] {
  if (whole.name === "version upgrade") return [whole.reason];
  return changes.map(({ change }) => {
    const { what, name, how } = describeChange(change);
    const lines = (change.kind === "variable" ? diffOf(change, 100)?.lines : undefined) ?? [];
    const edit = lines.filter((it) => /^[-+]/.test(it)).map((it) => `${it[0]}${it.slice(1).trim()}`);
    const shown = edit.length === 0 ? "" : ` (${shorten(edit.join(" "))})`;
    return `${what} ${name} ${how}${shown}`.replace("  ", " ");
  });
}

function shorten(text: string): string {
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}
