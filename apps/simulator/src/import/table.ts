import { formatTable, type RowSource } from "@depid/bitbake";
import { openProgress } from "@depid/command-line/progress";
import { checkOutput, writeLines } from "@depid/task-graph/fs";
import type { TableDocument } from "../documents/index.ts";
import type { Shutdown } from "../shutdown.ts";

type What = TableDocument["import"];
type Common = "import" | "output" | "source" | "rows" | "leftOut" | "unknown" | "assumed";
/** What one import tells beside what all tell: figures, and more for `--json` alone. */
type Told<W extends What> = Omit<Extract<TableDocument, { import: W }>, Common>;
type Detail = "slowest" | "machine" | "lockGroups" | "unlockedRecipes" | "perBuild";

/** What is read for a table, and what its summary says. */
export interface TableImport<Row extends object, W extends What> {
  readonly source: RowSource<Row>;
  /** More for `--json`, by key; asked when all rows have passed. */
  details?(): Pick<Told<W>, Detail & keyof Told<W>>;
  /** Sees each row as it passes. */
  count(row: Row): void;
  /** By name, in the order of the summary; asked when all rows have passed. */
  counts(): Omit<Told<W>, Detail>;
  /** More lines for people. */
  lines?(): readonly string[];
  close?(): void;
  /** What was expected, if a source without any row is none: "no stamps". Exit status 1 then. */
  readonly nothing?: string;
}

/** The flags that all imports of tables have. */
export interface TableFlags {
  readonly output?: string;
  readonly json?: true;
}

/** Rows between two looks at signals and at who watches. */
const ROWS_PER_STEP = 250;

/** Reads all rows, writes them if there is a file to write, and prints the summary. */
export async function importTable<Row extends object, W extends What>(
  what: W,
  imported: TableImport<Row, W>,
  { output, json }: TableFlags,
  shutdown: Shutdown,
): Promise<void> {
  if (output !== undefined) await checkOutput(output);
  const { source } = imported;
  const progress = await openProgress();
  let rows = 0;
  const onRow = (row: Row): void => {
    rows += 1;
    imported.count(row);
    if (rows % ROWS_PER_STEP !== 0) return;
    shutdown.signal.throwIfAborted();
    progress.update({ things: "rows", done: rows });
  };
  try {
    const lines = formatTable(source, onRow);
    if (output === undefined) for await (const _ of lines);
    else await writeLines(output, lines);
    progress.end();
    const { unknown, assumed } = source.header;
    const result = { rows, ...imported.counts(), leftOut: source.leftOut.entries };
    const document = {
      import: what,
      output: output ?? null,
      source: source.header.source,
      ...result,
      ...imported.details?.(),
      unknown,
      assumed,
    };
    process.stdout.write(
      json === true ? `${JSON.stringify(document, null, 2)}\n` : formatSummary(imported, rows, output),
    );
    if (rows === 0 && imported.nothing !== undefined) {
      process.stderr.write(`${source.header.source}: ${imported.nothing}\n`);
      process.exitCode = 1;
    }
  } finally {
    progress.end();
    imported.close?.();
  }
}

function formatSummary<Row extends object, W extends What>(
  imported: TableImport<Row, W>,
  rows: number,
  output: string | undefined,
): string {
  const { header, leftOut } = imported.source;
  const lines = [
    `${output === undefined ? "" : `${output}: `}${header.table}: ${rows} rows`,
    ...Object.entries(imported.counts()).map(([name, count]) => `${wordsOf(name)}: ${count ?? "unknown"}`),
    ...(imported.lines?.() ?? []),
    ...leftOut.entries.map(
      ({ reason, count, examples }) =>
        `left out, ${reason}: ${count}, such as ${examples.map((name) => JSON.stringify(name)).join(", ")}`,
    ),
    ...header.unknown.map((sentence) => `unknown: ${sentence}`),
    ...header.assumed.map((sentence) => `assumed: ${sentence}`),
  ];
  return `${lines.join("\n")}\n`;
}

/** `tasksWithoutFile` is "tasks without file" to people. */
function wordsOf(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

/** Counts by name, in the order in which names come up. */
export class Tally<Name extends string> {
  readonly #counts = new Map<Name, number>();

  add(name: Name, by = 1): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + by);
  }

  get counts(): Readonly<Partial<Record<Name, number>>> {
    return Object.fromEntries(this.#counts) as Partial<Record<Name, number>>;
  }
}
