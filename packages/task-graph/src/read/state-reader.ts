import { byCodePoint, showValue, type Tid } from "@depid/hash";
import { z } from "zod";
import type { BuildSettings } from "../build-settings.ts";
import type { HistoryError } from "../errors.ts";
import type { HistoryState, HistoryStates } from "../history-state.ts";
import { isStep } from "../history-state.ts";
import { settingsAt } from "../settings-in-force.ts";
import type { Task } from "../task.ts";
import { describeProblem } from "./describe-problem.ts";
import { HistoryLines, historyTaskRow, stepRowOf } from "./history-lines.ts";
import { describeMissing } from "./history-reader.ts";
import { taskOfRow } from "./task-row.ts";
import { VariableTable } from "./variable-table.ts";

/** Rows as JSON has them: most are replaced by later ones before anybody looks at them. */
const skimmedStep = stepRowOf(z.unknown(), z.string());
type SkimmedStep = z.output<typeof skimmedStep>;

/** The last row of a task that is there. */
interface LastRow {
  readonly line: number;
  /** Its place in `upsert` of that line. */
  readonly at: number;
  /** As JSON has it, until a state needs it. */
  row: unknown;
  task: Task | undefined;
}

/**
 * Reads the lines of a history for its states at some steps. Only rows that one of these states has are narrowed, each once: a
 * row that a later one replaces costs no more than its JSON. States share the tasks that are the same.
 */
export class StateReader {
  readonly #lines: HistoryLines;
  readonly #wanted: readonly string[];
  readonly #found: (HistoryState | undefined)[];
  readonly #rows = new Map<string, LastRow>();
  readonly #variables = new VariableTable();
  #settings: BuildSettings | undefined;
  /** Whether a task went since the last state: another one may still name it. */
  #removed = false;

  /**
   * @param source what the lines come from, for messages
   * @param wanted names of steps (`isStep`)
   */
  constructor(source: string, wanted: readonly string[]) {
    this.#lines = new HistoryLines(source);
    this.#wanted = wanted;
    this.#found = wanted.map(() => undefined);
  }

  /** Whether all states are there, so that what follows need not be read. */
  get isDone(): boolean {
    return this.#found.every((it) => it !== undefined);
  }

  /** @throws {HistoryError} naming source, line and field; of a row that no state has, only when its tid is none */
  push(content: string): void {
    const step = this.#lines.read(skimmedStep, content);
    if (step === undefined) return;
    this.#variables.add(step.variables ?? []);
    this.#settings = step.settings ?? this.#settings;
    this.#apply(step);
    let state: HistoryState | undefined;
    this.#wanted.forEach((wanted, i) => {
      if (this.#found[i] !== undefined || !isStep(wanted, step)) return;
      state ??= this.#stateAt(step);
      this.#found[i] = state;
    });
  }

  /** @throws {HistoryError} when there is no step at all */
  end(): HistoryStates {
    const header = this.#lines.end();
    return { header, states: this.#found, steps: this.#lines.steps };
  }

  #apply({ upsert, remove }: SkimmedStep): void {
    remove.forEach((tid, i) => {
      if (!this.#rows.delete(tid)) throw this.#lines.error(`remove[${i}]: no task ${showValue(tid)} is there`);
      this.#removed = true;
    });
    const removed = new Set(remove);
    const line = this.#lines.line;
    upsert.forEach((row, at) => {
      const tid = tidOf(row);
      if (tid === undefined) throw this.#refuse(row, line, at);
      if (removed.has(tid)) throw this.#lines.error(`upsert[${at}].tid: ${showValue(tid)} is removed, too`);
      if (this.#rows.get(tid)?.line === line)
        throw this.#lines.error(`upsert[${at}].tid: ${showValue(tid)} is there twice`);
      this.#rows.set(tid, { line, at, row, task: undefined });
    });
  }

  #stateAt({ step, id, date, commits }: SkimmedStep): HistoryState {
    const tids = [...this.#rows.keys()].sort(byCodePoint);
    const tasks = tids.map((tid): Task => {
      const last = this.#rows.get(tid) as LastRow;
      const isNew = last.task === undefined;
      const task = last.task ?? this.#narrow(last);
      if (isNew || this.#removed) this.#checkDependencies(task, last, step);
      return task;
    });
    this.#removed = false;
    const settings = settingsAt([this.#settings === undefined ? {} : { settings: this.#settings }], 0);
    return { step, id, date, commits, settings, tasks };
  }

  #narrow(last: LastRow): Task {
    const result = historyTaskRow.safeParse(last.row);
    if (!result.success) throw this.#refuse(last.row, last.line, last.at);
    const { variables, ...row } = result.data;
    const missing = (at: number) => this.#lines.error(describeMissing(last.at, at), last.line);
    last.task = taskOfRow(row, variables && this.#variables.get(variables, missing));
    last.row = undefined;
    return last.task;
  }

  #checkDependencies({ hashdeps, execdeps }: Task, { line, at }: LastRow, step: number): void {
    const check = (field: string, tids: readonly Tid[]) => {
      const missing = tids.findIndex((tid) => !this.#rows.has(tid));
      if (missing < 0) return;
      const what = `no task ${showValue(tids[missing])} is there at step ${step}`;
      throw this.#lines.error(`upsert[${at}].${field}[${missing}]: ${what}`, line);
    };
    check("hashdeps", hashdeps);
    check("execdeps", execdeps);
  }

  #refuse(row: unknown, line: number, at: number): HistoryError {
    return this.#lines.error(describeProblem(historyTaskRow.safeParse(row).error, ["upsert", at]), line);
  }
}

function tidOf(row: unknown): string | undefined {
  if (typeof row !== "object" || row === null || !("tid" in row)) return undefined;
  return typeof row.tid === "string" ? row.tid : undefined;
}
