import { formatTid, hasConfig, parseTid, splitTaskName, type Tid } from "@depid/hash";
import { BitbakeFileError, excerptOf } from "./file-error.ts";

/** The task graph as `bitbake -g` writes it to `task-depends.dot`: what must be complete before what runs. */
export interface TaskDepends {
  /** By name, in the order of the file. */
  readonly tasks: ReadonlyMap<string, DependsTask>;
  /** How many dependencies all tasks have. */
  readonly edges: number;
}

/** A node of `task-depends.dot`. */
export interface DependsTask {
  /** `[mc:NAME:]PN:TASK`, as `taskName` of `@depid/task-graph` gives it. */
  readonly name: string;
  /** Name of the multiconfig; "" for the default configuration. */
  readonly config: string;
  readonly pn: string;
  /** With `do_`. */
  readonly task: string;
  /** Id of the task, which holds the recipe file; `undefined` where the file only names the task as a dependency. */
  readonly tid: Tid | undefined;
  /** `PE:PV-PR`; `undefined` as `tid` is. */
  readonly version: string | undefined;
  /** Names of the tasks that must be complete before this one runs, in the order of the file, none twice. */
  readonly dependencies: readonly string[];
}

interface Draft extends DependsTask {
  tid: Tid | undefined;
  version: string | undefined;
  readonly dependencies: string[];
}

const FIRST = "digraph depends {";
const NODE = /^"([^"]+)\.([^".]+)" \[label="[^"]*\\n([^"\\]*)\\n([^"]+)"\]$/;
const EDGE = /^"([^"]+)\.([^".]+)" -> "([^"]+)\.([^".]+)"$/;

/** Reads the lines of `task-depends.dot` one by one, so that a large one need not be in memory as text. */
export class TaskDependsReader {
  readonly #source: string;
  #line = 0;
  #ended = false;
  #edges = 0;
  readonly #tasks = new Map<string, Draft>();
  /** Tasks of one recipe name that lie in several recipe files share their name here, and so an edge may come twice. */
  #current: { readonly name: string; readonly seen: Set<string> } | undefined;

  /** @param source what the lines come from, for messages */
  constructor(source: string) {
    this.#source = source;
  }

  /** @throws {BitbakeFileError} naming source and line */
  push(content: string): void {
    this.#line += 1;
    if (this.#line === 1) {
      if (content !== FIRST) throw this.#error(`expected "${FIRST}", found ${excerptOf(content)}`);
      return;
    }
    if (this.#ended) {
      if (content !== "") throw this.#error(`expected nothing behind "}", found ${excerptOf(content)}`);
      return;
    }
    if (content === "}") {
      this.#ended = true;
      return;
    }
    const edge = EDGE.exec(content);
    const node = edge === null ? NODE.exec(content) : null;
    if (edge !== null) this.#addEdge(edge);
    else if (node !== null) this.#addNode(node);
    else
      throw this.#error(
        `expected "PN.TASK" [label="PN TASK\\nVERSION\\nRECIPE FILE"] or "PN.TASK" -> "PN.TASK", found ${excerptOf(content)}`,
      );
  }

  /** @throws {BitbakeFileError} when the file is not whole */
  end(): TaskDepends {
    if (this.#line === 0) throw this.#error(`expected "${FIRST}", found nothing`);
    if (!this.#ended) throw this.#error('the last line, "}", is missing (truncated?)');
    return { tasks: this.#tasks, edges: this.#edges };
  }

  #addNode([, recipe = "", task = "", version = "", recipeFile = ""]: RegExpExecArray): void {
    const draft = this.#taskOf(recipe, task);
    if (draft.tid !== undefined) throw this.#error(`"${recipe}.${task}" has a label already`);
    // A recipe file of a multiconfig comes with its prefix.
    draft.tid = hasConfig(recipeFile)
      ? parseTid(`${recipeFile}:${task}`)
      : formatTid({ config: draft.config, recipeFile, task });
    draft.version = version;
  }

  #addEdge([, recipe = "", task = "", ofRecipe = "", ofTask = ""]: RegExpExecArray): void {
    const draft = this.#taskOf(recipe, task);
    const { name } = this.#taskOf(ofRecipe, ofTask);
    if (this.#current?.name !== draft.name) this.#current = { name: draft.name, seen: new Set(draft.dependencies) };
    if (this.#current.seen.has(name)) return;
    this.#current.seen.add(name);
    draft.dependencies.push(name);
    this.#edges += 1;
  }

  #taskOf(recipe: string, task: string): Draft {
    const name = `${recipe}:${task}`;
    const known = this.#tasks.get(name);
    if (known !== undefined) return known;
    const { config = "", pn = recipe } = splitTaskName(name) ?? {};
    const draft: Draft = { name, config, pn, task, tid: undefined, version: undefined, dependencies: [] };
    this.#tasks.set(name, draft);
    return draft;
  }

  #error(problem: string): BitbakeFileError {
    return new BitbakeFileError(this.#source, this.#line, problem);
  }
}

/**
 * Reads the lines of `task-depends.dot`, without line ends. The file holds exec dependencies: those whose depids are hashed too
 * are not told apart (runqueue.md section 1).
 *
 * @throws {BitbakeFileError} naming source and line
 */
export function parseTaskDependsDot(lines: Iterable<string>, source: string): TaskDepends {
  const reader = new TaskDependsReader(source);
  for (const line of lines) reader.push(line);
  return reader.end();
}

/** A dependency. One row of the table `edges`. */
export interface EdgeRow {
  /** `[mc:NAME:]PN:TASK`. */
  readonly task: string;
  /** Id of the task, which holds the recipe file; null where the file has no label for it. */
  readonly tid: string | null;
  /** Name of the task that must be complete before; null in the one row of a task without dependencies. */
  readonly dependency: string | null;
}

/** The dependencies, in the order of the file. */
export function* formatEdges({ tasks }: TaskDepends): Generator<EdgeRow> {
  for (const { name: task, tid = null, dependencies } of tasks.values()) {
    if (dependencies.length === 0) yield { task, tid, dependency: null };
    for (const dependency of dependencies) yield { task, tid, dependency };
  }
}

/**
 * Reads `pn-buildlist`: the recipe names, `[mc:NAME:]PN`, of all tasks of the graph, one a line.
 *
 * @throws {BitbakeFileError} naming source and line
 */
export function parsePnBuildList(lines: Iterable<string>, source: string): readonly string[] {
  const names: string[] = [];
  let line = 0;
  for (const name of lines) {
    line += 1;
    if (name === "" || /[\s"]/.test(name))
      throw new BitbakeFileError(source, line, `expected a recipe name, found ${excerptOf(name)}`);
    names.push(name);
  }
  return names;
}
