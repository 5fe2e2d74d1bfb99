import { isBuiltin } from "node:module";
import { posix } from "node:path";
import { ARROWS, isForNode, isTestSupport, NODE_PACKAGES, PLAIN_ERRORS, ROOMS, UNNAMED_DEPENDENCIES } from "./house.ts";
import { moduleOf, resolveInside, sourcesOf, workspaceNameOf } from "./resolve.ts";
import type { Import, Source } from "./source.ts";
import { type Package, SCOPE } from "./workspace.ts";

/** The packages that are looked at together, and what every test may import besides. */
export interface Workspace {
  readonly packages: readonly Package[];
  /** devDependencies of the repository. */
  readonly tools: readonly string[];
}

/** A rule gives one line for each place where it is broken: "packages/siggen/src/x.ts:3: …". */
export type Rule = (workspace: Workspace) => readonly string[];

/** Sources import other packages of the workspace only along the arrows. */
export const followsArrows: Rule = everyImport((pkg, file, { name }) => {
  const other = workspaceNameOf(name);
  if (other === undefined || isTest(file)) return undefined;
  const allowed = ARROWS[pkg.name];
  if (allowed === undefined) return `${pkg.name} has no arrows: tests/architecture/house.ts must name it`;
  return allowed.includes(other) ? undefined : `${pkg.name} must not import ${other}`;
});

/** A package imports what its package.json declares: sources its dependencies, tests and test support also tools. */
export const importsDeclared: Rule = (workspace) =>
  everyImport((pkg, file, { name }) => {
    const module = moduleOf(name);
    if (module === undefined) return undefined;
    const { dependencies = {}, devDependencies = {} } = pkg.manifest;
    const own = module === pkg.manifest.name;
    const tool = isTest(file) || isTestSupport(file) ? [...Object.keys(devDependencies), ...workspace.tools] : [];
    if (own || Object.hasOwn(dependencies, module) || tool.includes(module)) return undefined;
    return `${module} is not among the dependencies in package.json`;
  })(workspace);

/** Test support is imported by tests and test support alone. */
export const keepsTestSupport: Rule = everyImport((pkg, file, { name }) => {
  if (isTest(file) || isTestSupport(file)) return undefined;
  const isOfOther = name.startsWith(SCOPE) && name.split("/")[2] === "testing";
  return isOfOther || resolveInside(pkg, file, name).some(isTestSupport) ? `${name} is for tests` : undefined;
});

/** Another package is imported only by the paths it exports. */
export const importsExported: Rule = (workspace) =>
  everyImport((_pkg, _file, { name }) => {
    const other = workspace.packages.find(({ manifest }) => manifest.name === moduleOf(name));
    if (other === undefined) return undefined;
    const path = `.${name.slice(other.manifest.name.length)}`;
    return Object.hasOwn(other.manifest.exports ?? {}, path) ? undefined : `${other.name} does not export "${path}"`;
  })(workspace);

/** What a package exports is there. */
export const exportsSources: Rule = ({ packages }) =>
  packages.flatMap(({ folder, manifest, sources }) =>
    Object.entries(manifest.exports ?? {})
      .filter(([, target]) => !sourcesOf(target).some((file) => sources.has(file)))
      .map(([path]) => `${folder}/package.json: exports "${path}", which is no source of this package`),
  );

/** Files in the rooms of a package import each other along the arrows between these; files beside the rooms are everybody's. */
export const followsRooms: Rule = everyImport((pkg, file, { name }) => {
  if (isTest(file)) return undefined;
  const roomOf = (path: string) => posix.dirname(path).replace(/^src\/?/, "");
  const from = roomOf(file);
  if (from === "") return undefined;
  const allowed = ROOMS[pkg.name]?.[from];
  if (allowed === undefined) return `${from} has no arrows: tests/architecture/house.ts must name it`;
  const other = resolveInside(pkg, file, name)
    .map(roomOf)
    .find((room) => room !== "" && room !== from);
  return other === undefined || allowed.includes(other) ? undefined : `${from} must not import ${other}`;
});

/** Relative imports lead to a source of the same package. */
export const staysInside: Rule = everyImport((pkg, file, { name }) => {
  if (!/^[.#]/.test(name)) return undefined;
  const targets = resolveInside(pkg, file, name);
  const missing = targets.find((target) => !pkg.sources.has(target));
  if (targets.length > 0 && missing === undefined) return undefined;
  return `${name} is no source of this package`;
});

/** Files of one package do not import each other in a circle, not even for their types; what is loaded later does not count. */
export const hasNoCircles: Rule = ({ packages }) =>
  packages.flatMap((pkg) => {
    const importsOf = (file: string) =>
      (pkg.sources.get(file)?.imports ?? [])
        .filter(({ later }) => !later)
        .flatMap(({ name }) => resolveInside(pkg, file, name));
    const circle = findCircle([...pkg.sources.keys()], importsOf);
    return circle === undefined ? [] : [`${pkg.folder}: files import each other: ${circle.join(" -> ")}`];
  });

/** What package.json declares is imported: dependencies by sources, devDependencies by tests. */
export const usesDeclared: Rule = ({ packages }) =>
  packages.flatMap(({ folder, manifest, sources }) => {
    const imported = (test: boolean) => {
      const files = [...sources].filter(([file]) => isTest(file) === test);
      return new Set(files.flatMap(([, source]) => source.imports.map(({ name }) => moduleOf(name))));
    };
    const [bySources, byTests] = [imported(false), imported(true)];
    const unused = [
      ...Object.keys(manifest.dependencies ?? {}).filter((it) => !bySources.has(it) && !UNNAMED_DEPENDENCIES[it]),
      ...Object.keys(manifest.devDependencies ?? {}).filter((it) => !byTests.has(it)),
    ];
    return unused.map((name) => `${folder}/package.json: ${name} is declared and not imported`);
  });

/** Packages do not declare each other in a circle, not even for their tests. */
export const declaresNoCircles: Rule = ({ packages }) => {
  const byName = new Map(packages.map((pkg) => [pkg.manifest.name, pkg.manifest]));
  const circle = findCircle([...byName.keys()], (name) => {
    const { dependencies = {}, devDependencies = {} } = byName.get(name) ?? {};
    return [...Object.keys(dependencies), ...Object.keys(devDependencies)].filter((it) => byName.has(it));
  });
  return circle === undefined ? [] : [`packages depend on each other: ${circle.join(" -> ")}`];
};

/** What a package throws of its own has the one base, by which a bug is told from bad input. */
export const errorsHaveOneBase: Rule = ({ packages }) =>
  packages.flatMap(({ folder, sources }) =>
    [...sources]
      .filter(([file]) => !isTest(file) && !isTestSupport(file))
      .flatMap(([file, { plainErrors }]) =>
        plainErrors
          .filter(({ name }) => !(name in PLAIN_ERRORS))
          .map(({ name, line }) => `${folder}/${file}:${line}: ${name} must extend DepidError`),
      ),
  );

/** What runs in a browser too does not reach for Node. */
export const isBrowserSafe: Rule = ({ packages }) =>
  packages
    .filter((pkg) => !NODE_PACKAGES.includes(pkg.name))
    .flatMap((pkg) => {
      const forNode = findNodeTargets(pkg);
      const mayUseNode = (file: string) => isForNode(file) || forNode.has(file);
      const files = [...pkg.sources].filter(([file]) => !isTest(file) && !mayUseNode(file));
      return files.flatMap(([file, source]) => findUsesOfNode(pkg, file, source, mayUseNode));
    });

function findUsesOfNode(
  pkg: Package,
  file: string,
  { imports, nodeOnly }: Source,
  mayUseNode: (file: string) => boolean,
): string[] {
  const leadsToNode = ({ name }: Import) =>
    isBuiltin(name) ||
    (name.startsWith(SCOPE) && (name.endsWith("/fs") || NODE_PACKAGES.includes(workspaceNameOf(name) ?? ""))) ||
    (name.startsWith(".") && resolveInside(pkg, file, name).some(mayUseNode));
  const at = (line: number) => `${pkg.folder}/${file}:${line}`;
  return [
    ...imports.filter(leadsToNode).map(({ name, line }) => `${at(line)}: ${name} is not for browsers`),
    ...nodeOnly.map(({ name, line }) => `${at(line)}: ${name} is not for browsers`),
  ];
}

/** Files that `imports` of package.json gives under the condition `node`: there is another for browsers. */
function findNodeTargets({ manifest }: Package): ReadonlySet<string> {
  const underNode = Object.values(manifest.imports ?? {}).flatMap((target) =>
    typeof target === "string" || target.node === undefined ? [] : sourcesOf(target.node),
  );
  return new Set(underNode);
}

function everyImport(check: (pkg: Package, file: string, found: Import) => string | undefined): Rule {
  return ({ packages }) =>
    packages.flatMap((pkg) =>
      [...pkg.sources].flatMap(([file, { imports }]) =>
        imports.flatMap((found) => {
          const problem = check(pkg, file, found);
          return problem === undefined ? [] : [`${pkg.folder}/${file}:${found.line}: ${problem}`];
        }),
      ),
    );
}

function isTest(file: string): boolean {
  return file.endsWith(".test.ts");
}

/** @returns nodes that lead from one to the next, the first being the last too */
function findCircle(nodes: readonly string[], nextOf: (node: string) => readonly string[]): string[] | undefined {
  const done = new Set<string>();
  const visit = (node: string, path: readonly string[]): string[] | undefined => {
    if (path.includes(node)) return [...path.slice(path.indexOf(node)), node];
    if (done.has(node)) return undefined;
    for (const next of nextOf(node)) {
      const circle = visit(next, [...path, node]);
      if (circle !== undefined) return circle;
    }
    done.add(node);
    return undefined;
  };
  for (const node of nodes) {
    const circle = visit(node, []);
    if (circle !== undefined) return circle;
  }
  return undefined;
}
