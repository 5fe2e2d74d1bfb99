import { OutHashSettingsError } from "./errors.ts";
import { compileShellPattern } from "./fnmatch.ts";
import { pkgSpecOfAnyVersion } from "./hashfn.ts";
import { outHash2018 } from "./outhash-2018.ts";
import { outHashBasic } from "./outhash-basic.ts";
import type { OutHashMethod } from "./outhash-method.ts";

/** Methods by their short names. */
const WHOLE: ReadonlyMap<string, OutHashMethod> = new Map([
  ["basic", outHashBasic],
  ["2018", outHash2018],
]);

/**
 * The method that leaves the recipe's version out: outputs of two versions are equal if their files are.
 *
 * What it misses: the version itself, where whoever uses the output asks for it (`PV` in package metadata is in files, `SSTATE_PKGSPEC` is not).
 */
export function ofAnyVersion(method: OutHashMethod): OutHashMethod {
  return {
    ...method,
    name: `${method.name}+any-version`,
    text: (manifest, settings) =>
      method.text(manifest, { ...settings, pkgSpec: pkgSpecOfAnyVersion(settings.pkgSpec) }),
  };
}

/**
 * The method that sees some files only, and the directories that they are in: what else changes is not seen.
 *
 * @param patterns as Python's `fnmatch` reads them, of paths as the text has them (`./usr/lib/libz.so.1`); `*` also matches "/"
 */
export function ofFiles(method: OutHashMethod, patterns: readonly string[]): OutHashMethod {
  const compiled = patterns.map(compileShellPattern);
  const isSeen = (path: string): boolean => compiled.some((it) => it.test(path));
  return {
    ...method,
    name: `${method.name}+files=${patterns.join(",")}`,
    arrange(entries) {
      const seen = entries.filter((it) => it.type !== "dir" && isSeen(it.path));
      const folders = new Set(["."]);
      for (const { path } of seen)
        for (let end = path.lastIndexOf("/"); end > 0; end = path.lastIndexOf("/", end - 1))
          folders.add(path.slice(0, end));
      return method.arrange(entries.filter((it) => (it.type === "dir" ? folders.has(it.path) : isSeen(it.path))));
    },
  };
}

/** Headers, in folders of headers whatever their names; what `pkg-config` reads; libraries. */
const INTERFACE = ["*.h", "*.hh", "*.hpp", "*.hxx", "*/include/*", "*.pc", "*.so", "*.so.*", "*.a"];

/**
 * The method that sees headers, and of libraries the names of the symbols that they export: what others compile and link against.
 *
 * What it misses: what libraries do; types behind a symbol that are in no header, sizes of data; programs, and all other files.
 */
export function ofInterface(method: OutHashMethod): OutHashMethod {
  return { ...ofFiles(method, INTERFACE), name: `${method.name}+interface`, seesSymbols: true };
}

/**
 * A method as a person names it: `basic` (BitBake's of today) or `2018`, then with "+" between them `any-version`, `interface` and `files=PATTERN,…`.
 *
 * @throws {OutHashSettingsError}
 */
export function parseOutHashMethod(text: string): OutHashMethod {
  const [first = "", ...rest] = text.split("+");
  const whole = WHOLE.get(first);
  if (whole === undefined) throw unknownMethod(text);
  return rest.reduce((method, part) => {
    if (part === "any-version") return ofAnyVersion(method);
    if (part === "interface") return ofInterface(method);
    const patterns = /^files=(.+)$/s.exec(part)?.[1]?.split(",");
    if (patterns === undefined || patterns.includes("")) throw unknownMethod(text);
    return ofFiles(method, patterns);
  }, whole);
}

function unknownMethod(text: string): OutHashSettingsError {
  const names = [...WHOLE.keys()].join(" or ");
  return new OutHashSettingsError(
    `expected ${names}, with "+any-version", "+interface" and "+files=PATTERN,…" behind it where wanted, found ${JSON.stringify(text)}`,
  );
}
