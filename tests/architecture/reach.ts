import { moduleOf, resolveInside, sourcesOf } from "./resolve.ts";
import type { Package } from "./workspace.ts";

/** What is loaded with a file. */
export interface Reach {
  /** Files of the workspace, by package: `simulator` to `src/main.ts`, … */
  readonly files: ReadonlyMap<string, ReadonlySet<string>>;
  /** Packages of npm that these import; what they import in turn is not looked at. */
  readonly modules: ReadonlySet<string>;
}

/** All that is loaded before the first line of a file is run: what it imports, and that in turn; not types, nor what is imported later. */
export function reachOf(packages: readonly Package[], name: string, file: string): Reach {
  const files = new Map<string, Set<string>>();
  const modules = new Set<string>();
  const visit = (pkg: Package, at: string): void => {
    const seen = files.get(pkg.name) ?? new Set();
    files.set(pkg.name, seen);
    if (seen.has(at)) return;
    seen.add(at);
    for (const { name: specifier, later, types } of pkg.sources.get(at)?.imports ?? []) {
      if (later || types) continue;
      const module = moduleOf(specifier);
      for (const inside of resolveInside(underNode(pkg), at, specifier)) visit(pkg, inside);
      if (module === undefined) continue;
      const other = packages.find(({ manifest }) => manifest.name === module);
      if (other === undefined) modules.add(module);
      else {
        const target = other.manifest.exports?.[`.${specifier.slice(module.length)}`] ?? {};
        for (const entry of sourcesOf(target)) visit(other, entry);
      }
    }
  };
  const pkg = packages.find((it) => it.name === name);
  if (pkg?.sources.has(file) !== true) throw new Error(`${name} has no ${file}`);
  visit(pkg, file);
  return { files, modules };
}

/** A package with what Node takes where there is something else for browsers. */
function underNode(pkg: Package): Package {
  const imports = Object.entries(pkg.manifest.imports ?? {}).map(
    ([name, target]) => [name, typeof target === "string" ? target : (target.node ?? target)] as const,
  );
  return { ...pkg, manifest: { ...pkg.manifest, imports: Object.fromEntries(imports) } };
}
