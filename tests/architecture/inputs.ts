import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { parseSync, Visitor } from "oxc-parser";
import type { Package } from "./workspace.ts";

/** What turbo.json says of a task. */
export interface Task {
  readonly dependsOn?: readonly string[];
  /** Absent: all that the task's folder holds. */
  readonly inputs?: readonly string[];
}

/** A task of tests, and what makes turbo run it again. */
export interface TestTask {
  /** `packages/hash`, `tests/programs` */
  readonly folder: string;
  /** Folders of packages whose sources count, tests and documents of theirs apart. */
  readonly packages: ReadonlySet<string>;
  /** Globs from the root of the repository. */
  readonly inputs: readonly string[];
}

/** The repository as tests see it. */
export interface Ground {
  readonly root: string;
  readonly packages: readonly Package[];
}

/** @param task of a package, whose inputs are relative to its folder, or of the root, `//#test:programs` */
export function describeTask({ packages }: Ground, folder: string, task: Task): TestTask {
  const own = packages.find((it) => it.folder === folder);
  const asked = (task.dependsOn ?? []).flatMap((name) => /^(.*)#transit$/.exec(name)?.[1] ?? []);
  const reached = new Set<string>();
  const reach = (name: string): void => {
    const pkg = packages.find(({ manifest }) => manifest.name === name);
    if (pkg === undefined || reached.has(pkg.folder)) return;
    reached.add(pkg.folder);
    for (const other of dependenciesOf(pkg)) reach(other);
  };
  for (const name of [...asked, ...(own === undefined ? [] : dependenciesOf(own))]) reach(name);
  const inputs = (task.inputs ?? ["$TURBO_DEFAULT$"]).flatMap((input) => {
    if (input === "$TURBO_DEFAULT$") return own === undefined ? ["**"] : [`${folder}/**`];
    if (input.startsWith("$TURBO_ROOT$/")) return expand(input.slice("$TURBO_ROOT$/".length));
    return expand(own === undefined ? input : `${folder}/${input}`);
  });
  return { folder, packages: reached, inputs };
}

/**
 * Files and folders of the repository that the tests of a task name, in imports or other strings, relative to the source or to the root, and that turbo
 * does not count as inputs: a result could come from the cache though one of them has changed. What a path is put together from piece by piece is not seen.
 *
 * @returns `tests/programs/start.test.ts: fixtures/cases`
 */
export function findUncounted(ground: Ground, task: TestTask): readonly string[] {
  return sourcesOf(ground, task).flatMap((file) =>
    namesIn(ground, file)
      .filter((path) => !isCounted(task, path))
      .map((path) => `${file}: ${path}`),
  );
}

/** Whether a change of this file, or of any in this folder, has turbo run the tests again. */
export function isCounted({ packages, inputs }: TestTask, path: string): boolean {
  const patterns = inputs.filter((it) => !it.startsWith("!")).map(patternOf);
  const isSource = (folder: string) =>
    path === folder || path === `${folder}/package.json` || (isWithin(`${folder}/src`, path) && !isTest(path));
  return (
    [...packages].some(isSource) || [path, `${path}/any`].some((it) => patterns.some((pattern) => pattern.test(it)))
  );
}

/** The tests of a task with all that is there for tests alone and that they load. */
function sourcesOf(ground: Ground, { folder }: TestTask): readonly string[] {
  const found = new Set<string>();
  const visit = (file: string): void => {
    if (found.has(file)) return;
    found.add(file);
    for (const path of namesIn(ground, file)) if (path.endsWith(".ts") && isForTests(path)) visit(path);
    for (const other of ground.packages)
      if (textOf(ground.root, file).includes(`"${other.manifest.name}/testing`))
        listSupport(ground, other).forEach(visit);
  };
  for (const file of listSources(ground.root, folder)) if (folder.startsWith("tests/") || isForTests(file)) visit(file);
  return [...found].sort();
}

function isTest(file: string): boolean {
  return file.endsWith(".test.ts");
}

function isForTests(file: string): boolean {
  return /^(?:tests|scripts)\/|\/testing\//.test(file) || isTest(file);
}

function listSupport({ root }: Ground, { folder }: Package): readonly string[] {
  return listSources(root, folder).filter((file) => file.includes("/testing/"));
}

function listSources(root: string, folder: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .map((name) => `${folder}/${name.split(sep).join("/")}`)
    .filter((file) => file.endsWith(".ts") && !/\/(?:node_modules|dist)\//.test(file));
}

/** What a source names of the repository outside its own folder. */
function namesIn({ root, packages }: Ground, file: string): readonly string[] {
  const names = stringsOf(file, textOf(root, file)).flatMap((text) => {
    const pkg = packages.find(({ manifest }) => text === manifest.name || text.startsWith(`${manifest.name}/`));
    if (pkg !== undefined) return [`${pkg.folder}/src`];
    if (/^\.\.?\//.test(text)) return [relative(root, join(root, dirname(file), text))];
    return /^[\w.]+\//.test(text) ? [text.replace(/\/+$/, "")] : [];
  });
  return [...new Set(names.map((it) => it.split(sep).join("/").replace(/\/$/, "")))].filter(
    (path) => path !== dirname(file) && !isApart(path) && existsSync(join(root, path)),
  );
}

/** What is elsewhere; what package-lock.json tells; folders that by themselves name nothing in them. */
function isApart(path: string): boolean {
  return /^(?:\.\.|node_modules\b)/.test(path) || ["", "packages", "apps", "tests"].includes(path);
}

const texts = new Map<string, string>();
function textOf(root: string, file: string): string {
  const text = texts.get(file) ?? readFileSync(join(root, file), "utf8");
  texts.set(file, text);
  return text;
}

const strings = new Map<string, readonly string[]>();
/** All strings of a source, and the parts of templates before and between what is computed. */
function stringsOf(file: string, text: string): readonly string[] {
  const known = strings.get(file);
  if (known !== undefined) return known;
  const found: string[] = [];
  new Visitor({
    Literal: ({ value }) => {
      if (typeof value === "string") found.push(value);
    },
    TemplateElement: ({ value }) => {
      found.push(value.cooked ?? "");
    },
  }).visit(parseSync(file, text).program);
  strings.set(file, found);
  return found;
}

function dependenciesOf({ manifest }: Package): readonly string[] {
  return [...Object.keys(manifest.dependencies ?? {}), ...Object.keys(manifest.devDependencies ?? {})];
}

function isWithin(folder: string, path: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

/** `{a,b}/c` means two; braces within braces are not used. */
function expand(glob: string): readonly string[] {
  const [all, before = "", choices = "", after = ""] = /^(.*?)\{([^}]*)\}(.*)$/.exec(glob) ?? [];
  return all === undefined ? [glob] : choices.split(",").flatMap((it) => expand(`${before}${it}${after}`));
}

function patternOf(glob: string): RegExp {
  const parts = glob.split("**").map((part) => part.replace(/[.+^$()|[\]\\]/g, "\\$&").replaceAll("*", "[^/]*"));
  return new RegExp(`^${parts.join(".*")}$`);
}
