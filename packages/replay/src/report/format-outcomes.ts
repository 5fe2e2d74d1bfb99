import { laxityOf, type OutcomeAccount } from "../outcomes/outcome-account.ts";
import { formatCount } from "./figures.ts";
import { formatTable } from "./format-table.ts";
import { wrap } from "./wrap.ts";

/** Recipes of one step that a report names; the JSON has all. */
const MOST_RECIPES = 8;
/** Steps and labels that a report names. */
const MOST_LINES = 20;

/** What the outcomes of a replay were made of, as Markdown: who decided, which labels matched nothing, which changes nothing sure decided. */
export function formatOutcomes(account: OutcomeAccount): string {
  const { notes, unique } = account;
  const above = account.shares.flatMap((share) =>
    (share.above ?? 0) > 0
      ? [
          `${share.name}: ${formatCount(share.above ?? 0)} of the changes are of tasks without an output of their own to compare, and were decided at the outputs above; the tasks between count as changed`,
        ]
      : [],
  );
  const knows = account.shares.some((it) => it.outputs !== undefined);
  const rows = account.shares.map(({ name, changes, outputs }) => [
    name,
    formatCount(changes),
    ...(knows ? [outputs === undefined ? "" : formatCount(outputs)] : []),
  ]);
  return [
    "## What decided the outcomes",
    "",
    formatTable(["source", "changes", ...(knows ? ["outputs told"] : [])], rows),
    ...paragraph([
      ...above,
      ...notes.map(({ source, note }) => `${source}: ${note}`),
      ...unique.map(
        ({ task, reason, disproved }) =>
          `${task} counts as unique: ${reason}${disproved.length > 0 ? `. Not so, by recorded outputs that were equal: ${someOf(disproved)}` : ""}`,
      ),
    ]),
    ...formatUnusedLabels(account),
    ...formatUndecided(account),
  ].join("\n");
}

function formatUnusedLabels(account: OutcomeAccount): string[] {
  const unused = account.labels.flatMap(({ source, labels }) =>
    labels
      .filter(({ decided }) => decided === 0)
      .map(({ label }) => {
        const what = [label.recipe ?? "*", label.task ?? "*"].join(":");
        return `${source}: commit ${label.commit}, ${what} (${label.reason})`;
      }),
  );
  if (unused.length === 0) return [];
  return ["", `${formatCount(unused.length)} labels matched nothing:`, ...paragraph(cut(unused))];
}

function formatUndecided(account: OutcomeAccount): string[] {
  const { changes } = laxityOf(account);
  if (changes === 0) return [];
  const steps = new Map<number, Map<string, number>>();
  for (const { step, pn, changes: count } of account.undecided) {
    const recipes = steps.get(step) ?? new Map<string, number>();
    steps.set(step, recipes);
    recipes.set(pn, (recipes.get(pn) ?? 0) + count);
  }
  const lines = [...steps].map(
    ([step, recipes]) => `step ${step}: ${someOf([...recipes].map(([pn, count]) => `${pn} (${formatCount(count)})`))}`,
  );
  const by = [...new Set(account.undecided.map((it) => it.by))].join(", ");
  return [
    "",
    wrap(`${formatCount(changes)} changes were decided by no label and no recorded output, but by ${by}:`),
    ...paragraph(cut(lines)),
  ];
}

function paragraph(items: readonly string[]): string[] {
  return items.length === 0 ? [] : ["", ...items.map((it) => wrap(`- ${it}`))];
}

function cut(lines: readonly string[]): readonly string[] {
  if (lines.length <= MOST_LINES) return lines;
  return [...lines.slice(0, MOST_LINES), `and ${formatCount(lines.length - MOST_LINES)} more (--json has all)`];
}

function someOf(names: readonly string[]): string {
  const more = names.length - MOST_RECIPES;
  return `${names.slice(0, MOST_RECIPES).join(", ")}${more > 0 ? ` and ${formatCount(more)} more` : ""}`;
}
