import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Block, DocumentError, parseBlocks, type RunDirective } from "./blocks.ts";
import { type Comparison, compareOutput } from "./compare.ts";
import { type Command, parseCommands } from "./console.ts";
import { type Order, REPOSITORY, runSession } from "./session.ts";

/** What the formatter of Markdown decides: how wide a column of a table is. */
const FORMAT = [/ +/g, /-+/g];

/** What may be run beside what always is. */
export interface Means {
  readonly bitbake: boolean;
  readonly minutes: boolean;
}

/** What came of a document. */
export interface DocumentReport {
  readonly file: string;
  /** The document with the outputs as they are now. */
  readonly text: string;
  readonly ran: number;
  /** Commands that need what is not there, by what that is. */
  readonly left: Readonly<Record<string, number>>;
  /** Blocks that are never run, each `FILE:LINE: REASON`. */
  readonly notRun: readonly string[];
  /** Outputs that are not what is documented, commands that ended otherwise: `FILE:LINE: …` and lines of the difference. */
  readonly differences: readonly string[];
}

interface Planned {
  readonly block: Block;
  readonly run: RunDirective;
  /** undefined for hidden commands. */
  readonly command: Command | undefined;
  /** Last one of its block. */
  readonly isLast: boolean;
  readonly order: Order;
}

/** Runs the commands of one document and compares what they print. @throws DocumentError */
export async function checkDocument(file: string, text: string, means: Means): Promise<DocumentReport> {
  const blocks = parseBlocks(text, file);
  const left: Record<string, number> = {};
  const plans = blocks.flatMap((block) => {
    const { directive } = block;
    if (directive?.kind === "checked by" && !existsSync(join(REPOSITORY, directive.file)))
      throw new DocumentError(`${file}:${block.line}: checked by ${directive.file}, which is not there`);
    if (directive?.kind !== "run") return [];
    const planned = planBlock(file, block, directive.run);
    const { needs } = directive.run;
    if (needs === undefined || means[needs]) return planned;
    left[needs] = (left[needs] ?? 0) + planned.filter(({ command }) => command !== undefined).length;
    return [];
  });
  const answers = plans.length === 0 ? [] : await runSession(plans.map(({ order }) => order));
  const differences: string[] = [];
  const outputs = new Map<Command, readonly string[]>();
  for (const [i, { command, run, isLast, block }] of plans.entries()) {
    const answer = answers[i] ?? { lines: undefined, errors: [], status: -1 };
    const at = `${file}:${command?.line ?? block.line}`;
    const what = command?.shown[0] ?? `${run.shows ?? "hidden commands"}`;
    const expected = command !== undefined && isLast ? run.exit : 0;
    if (answer.status !== expected) {
      const said = [...(answer.lines ?? []), ...answer.errors].slice(-5).map((line) => `\n    ${line}`);
      differences.push(`${at}: exit status ${answer.status}, expected ${expected}: ${what}${said.join("")}`);
      continue;
    }
    if (command?.output === undefined || answer.lines === undefined) continue;
    const varies = run.shows === undefined ? run.varies : [...run.varies, ...FORMAT];
    const comparison = compareOutput(command.output, answer.lines, varies);
    outputs.set(command, comparison.lines);
    if (!comparison.equal) differences.push(describe(file, command, comparison));
  }
  const notRun = blocks.flatMap(({ line, directive }) =>
    directive?.kind === "not run" ? [`${file}:${line}: ${directive.reason}`] : [],
  );
  const ran = plans.filter(({ command }) => command !== undefined).length;
  return { file, text: rewrite(text, plans, outputs), ran, left, notRun, differences };
}

function planBlock(file: string, block: Block, run: RunDirective): Planned[] {
  const { commands, stray } = parseCommands(block, run);
  if (stray.length > 0) throw new DocumentError(`${file}:${block.line}: output before any command: ${stray[0]}`);
  if (commands.length === 0)
    throw new DocumentError(`${file}:${block.line}: expected a command in a block that is run`);
  const plan = (command: Command | undefined, script: string, inClone: boolean): Planned => ({
    block,
    run,
    command,
    isLast: command === commands.at(-1),
    order: { script, inClone },
  });
  const hidden = run.first === "" ? [] : [plan(undefined, run.first, run.inClone)];
  const shown = commands.map((it, i) => plan(it, it.script, run.inClone && i === 0 && hidden.length === 0));
  return [...hidden, ...shown];
}

function describe(file: string, { line, shown, output = [] }: Command, { differences, first }: Comparison): string {
  const at = line + shown.length + Math.min(first, Math.max(0, output.length - 1));
  return [`${file}:${at}: ${shown[0] ?? ""}`, ...differences.map((it) => `    ${it}`)].join("\n");
}

/** From the end on, so that lines above stay where they are. */
function rewrite(text: string, plans: readonly Planned[], outputs: ReadonlyMap<Command, readonly string[]>): string {
  const lines = text.split("\n");
  for (const { command } of plans.toReversed()) {
    const output = command && outputs.get(command);
    if (command === undefined || output === undefined) continue;
    const from = command.line - 1 + (command.shown.length || 1);
    lines.splice(from, command.output?.length ?? 0, ...output);
  }
  return lines.join("\n");
}
