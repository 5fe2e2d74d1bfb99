import { ConfData } from "./conf/data.ts";
import { type ConfStatement, parseConf } from "./conf/statement.ts";
import { BitbakeFileError, excerptOf } from "./file-error.ts";

/** What a file says of locks, for one machine. */
export interface LockVariables {
  /** The words of SIGGEN_LOCKEDSIGS_<group>, by group. */
  readonly groups: ReadonlyMap<string, readonly string[]>;
  /** SIGGEN_LOCKEDSIGS_TYPES; `undefined` if it is set for other overrides only. References that cannot be followed stay in all words. */
  readonly types: readonly string[] | undefined;
  readonly unihashmap: readonly string[];
  readonly unlocked: readonly string[];
}

/** The statements of a file such as `locked-sigs.inc`, which is often part of a configuration with other settings. */
export interface LockStatements {
  /** Overrides for which SIGGEN_LOCKEDSIGS_TYPES is set, in the order of the file; "" is without one. */
  readonly typesFor: readonly string[];
  /** MACHINE, if the file sets it. */
  readonly machine: string | undefined;
  /** Files that it includes, which may have locks too: they are not followed here. */
  readonly includes: readonly string[];
  /** Statements about anything else than locks and the machine. */
  readonly others: number;
  /** What is set for a machine. */
  of(machine: string | undefined): LockVariables;
}

const OF_LOCKS = /^SIGGEN_(?:LOCKEDSIGS_|UNIHASHMAP|UNLOCKED_RECIPES)/;
const GROUP = /^SIGGEN_LOCKEDSIGS_([^:]+)/;
const TYPES = "SIGGEN_LOCKEDSIGS_TYPES";
/** What is done about locks that do not fit: of no matter here. */
const CHECKS = /^(?:TASKSIG_CHECK|SSTATE_EXISTS_CHECK|TASKSIG_EXISTS_CHECK)$/;
/**
 * Keys as releases before "colons" (`conf/releases.ts`) write them, with "_" before an override of TYPES or before an operation. A "_" elsewhere
 * belongs to a name. Nothing else of such a file tells its release.
 */
const OLD_STYLE = /^SIGGEN_(?:LOCKEDSIGS_TYPES_.|(?:LOCKEDSIGS_t-|UNIHASHMAP).*_(?:append|prepend|remove)(?:_|$))/;
const OPERATION = /[:_](?:append|prepend|remove)(?=[:_]|$)/;

/**
 * Reads the statements of a file such as `locked-sigs.inc`, as BitBake does. Statements about anything else are counted, and files that it
 * includes are named: they are not followed.
 *
 * @throws {BitbakeFileError} naming source and line: of what is no statement of a configuration
 */
export function readLockStatements(lines: readonly string[], source: string): LockStatements {
  const statements = parseConf(lines.join("\n"), source);
  const lastLine = lines.findLastIndex((line) => line.trim() !== "");
  if (lines[lastLine]?.trimEnd().endsWith("\\"))
    throw new BitbakeFileError(source, lastLine + 1, "the last line goes on, and there is none (truncated?)");
  for (const one of statements) if (one.kind === "unparsed") refuse(one, source);
  const keys = statements.flatMap((one) => (one.kind === "assign" ? [one.key] : []));
  const syntax = keys.some((key) => OLD_STYLE.test(key)) ? "underscore" : "colon";
  const isAside = (one: ConfStatement) =>
    !("files" in one) && !("key" in one && (one.key === "MACHINE" || OF_LOCKS.test(one.key)));
  const dataFor = (machine: string | undefined): ConfData => {
    const given = machine === undefined ? [] : ([["MACHINE", machine]] as const);
    const data = new ConfData(new Map([["OVERRIDES", machine ?? ""], ...given]));
    data.syntax = syntax;
    for (const one of statements) {
      if (one.kind === "assign") data.assign(data.expandAtOnce(one.key), one.operator, one.value, one.from);
      else if (one.kind === "unset") data.unset(one.key);
    }
    return data;
  };
  const plain = dataFor(undefined);
  const typesFor = keys
    .filter((key) => key.startsWith(TYPES))
    .map((key) => key.replace(OPERATION, "").slice(TYPES.length + 1))
    .map((override) => plain.expandAtOnce(override));
  return {
    typesFor: [...new Set(typesFor)],
    machine: plain.getPartly("MACHINE") || undefined,
    includes: statements.flatMap((one) => ("files" in one && one.kind !== "inherit" ? [one.files] : [])),
    others: statements.filter(isAside).length,
    of(machine) {
      const data = dataFor(machine);
      const wordsOf = (name: string) =>
        data
          .getPartly(name)
          ?.split(/\s+/)
          .filter((word) => word !== "");
      const names = new Set(keys.flatMap((key) => GROUP.exec(key.replace(OPERATION, ":"))?.[1] ?? []));
      const groups = [...names].filter((it) => !it.startsWith("TYPES") && !CHECKS.test(it));
      return {
        groups: new Map(
          groups.flatMap((it) => {
            const words = wordsOf(`SIGGEN_LOCKEDSIGS_${it}`);
            return words === undefined ? [] : [[it, words]];
          }),
        ),
        types: wordsOf(TYPES),
        unihashmap: wordsOf("SIGGEN_UNIHASHMAP") ?? [],
        unlocked: wordsOf("SIGGEN_UNLOCKED_RECIPES") ?? [],
      };
    },
  };
}

function refuse({ text, problem, from }: ConfStatement & { readonly kind: "unparsed" }, source: string): never {
  throw new BitbakeFileError(
    source,
    Number(from.slice(from.lastIndexOf(":") + 1)),
    `expected SIGGEN_LOCKEDSIGS_t-…, ${TYPES}, SIGGEN_UNIHASHMAP or SIGGEN_UNLOCKED_RECIPES = "…", or another statement of a configuration, found ${excerptOf(text)}: ${problem}`,
  );
}
