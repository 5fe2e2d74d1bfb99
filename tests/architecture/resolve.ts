import { isBuiltin } from "node:module";
import { posix } from "node:path";
import type { Package, Target } from "./workspace.ts";

/** The files of the package that a relative specifier, or one that begins with "#", may lead to. */
export function resolveInside(pkg: Package, file: string, specifier: string): readonly string[] {
  if (specifier.startsWith("#")) return sourcesOf(pkg.manifest.imports?.[specifier] ?? {});
  return specifier.startsWith(".") ? [posix.join(posix.dirname(file), specifier)] : [];
}

/** Source files among the targets of a condition. */
export function sourcesOf(target: Target): readonly string[] {
  if (typeof target !== "string") return Object.values(target).flatMap(sourcesOf);
  return target.startsWith("./src/") ? [target.slice("./".length)] : [];
}

/** Package name of a specifier; undefined for relative ones and Node's own modules. */
export function moduleOf(specifier: string): string | undefined {
  if (/^[.#]/.test(specifier) || isBuiltin(specifier)) return undefined;
  return specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
}

export function workspaceNameOf(specifier: string): string | undefined {
  return moduleOf(specifier)?.match(/^@depid\/(.+)$/)?.[1];
}
