/** An assignment as a configuration file has it. */
export interface Assignment {
  readonly variable: string;
  readonly operator: "=" | ":=" | "?=" | "??=" | "+=" | "=+" | ".=" | "=.";
  readonly value: string;
  /** `conf/local.conf:12` */
  readonly from: string;
}

/** What a configuration file says, as far as it can be read by itself. */
export interface BuildConf {
  /** In the order in which they stand. */
  readonly assignments: readonly Assignment[];
  /** Lines that may change a variable by rules that are not followed here: overrides, appends, flags. */
  readonly conditional: readonly { readonly variable: string; readonly text: string; readonly from: string }[];
  /** Files that it includes, as written; they were not read. */
  readonly includes: readonly { readonly file: string; readonly from: string }[];
}

/** A setting, and how it came about. */
export interface ConfSetting {
  /** `undefined` if it cannot be worked out from these files; "" if it is not set. */
  readonly value: string | undefined;
  /** File and line; `default` if no file sets it. */
  readonly from: string;
  /** What was not followed: sentences. */
  readonly doubts: readonly string[];
}

const ASSIGNMENT =
  /^(?:export\s+)?([A-Za-z0-9_.+/-]+?)((?::[a-z0-9$\w{}+/-]+)*)(\[\w+\])?\s*(\?\?=|\?=|:=|\+=|=\+|\.=|=\.|=)\s*(["'])(.*)\5\s*$/;
const INCLUDE = /^(?:include|require|include_all)\s+(.+)$/;
const REFERENCE = /\$\{([A-Za-z0-9_.+/-]+)\}/;
/** References to references, at most. */
const MAX_DEPTH = 20;

/**
 * Reads the plain assignments of a configuration file such as `conf/local.conf`. Functions, `inherit` and the like are passed
 * over.
 *
 * @param file what to call it
 */
export function parseBuildConf(text: string, file: string): BuildConf {
  const conf = { assignments: [] as Assignment[], conditional: [] as Conditional[], includes: [] as Include[] };
  const lines = text.split(/\r?\n/);
  for (let at = 0; at < lines.length; at += 1) {
    const from = `${file}:${at + 1}`;
    let line = lines[at] ?? "";
    if (/^\s*#/.test(line)) continue;
    while (line.endsWith("\\") && at + 1 < lines.length) {
      at += 1;
      line = line.slice(0, -1) + lines[at];
    }
    takeLine(line, from, conf);
  }
  return conf;
}

type Conditional = BuildConf["conditional"][number];
type Include = BuildConf["includes"][number];

function takeLine(
  line: string,
  from: string,
  conf: { assignments: Assignment[]; conditional: Conditional[]; includes: Include[] },
): void {
  const include = INCLUDE.exec(line);
  if (include !== null) {
    conf.includes.push({ file: (include[1] ?? "").trim(), from });
    return;
  }
  const [, variable, overrides, flag, operator, , value] = ASSIGNMENT.exec(line) ?? [];
  if (variable === undefined || value === undefined) return;
  if (overrides !== "" || flag !== undefined) {
    if (flag === undefined) conf.conditional.push({ variable, text: line.trim(), from });
    return;
  }
  conf.assignments.push({ variable, operator: operator as Assignment["operator"], value, from });
}

/**
 * Works out settings from files that BitBake reads one after another.
 *
 * @param confs in the order of reading
 * @param known values to begin with that no file changes, such as TOPDIR
 * @param defaults values of variables that no file sets, such as those of OE-Core
 */
export function createConfLookup(
  confs: readonly BuildConf[],
  known: ReadonlyMap<string, string>,
  defaults: ReadonlyMap<string, string>,
): (variable: string) => ConfSetting {
  const assignments = confs.flatMap((conf) => conf.assignments);
  const conditional = confs.flatMap((conf) => conf.conditional);
  const unexpanded = (variable: string) => findText(assignments, variable, defaults);
  const expand = (text: string, depth: number): { readonly value: string } | { readonly missing: string } => {
    const reference = REFERENCE.exec(text);
    if (reference === null) return text.includes(`\${@`) ? { missing: `\${@…}` } : { value: text };
    const name = reference[1] ?? "";
    const found = known.get(name) ?? unexpanded(name)?.text;
    if (found === undefined || depth > MAX_DEPTH) return { missing: reference[0] };
    return expand(
      text.replace(reference[0], () => found),
      depth + 1,
    );
  };
  return (variable) => {
    const doubts = conditional
      .filter((line) => line.variable === variable)
      .map((line) => `${line.from}: "${line.text}" was not followed; see bitbake-getvar --value ${variable}`);
    const found = unexpanded(variable);
    if (found === undefined) return { value: "", from: "default", doubts };
    const expanded = expand(found.text, 0);
    if ("value" in expanded) return { value: expanded.value, from: found.from, doubts };
    const doubt = `${variable} = "${found.text}" (${found.from}): ${expanded.missing} is not set in the files that were read; see bitbake-getvar --value ${variable}`;
    return { value: undefined, from: found.from, doubts: [...doubts, doubt] };
  };
}

/** The text of a variable as the operators make it, and the last line that had a part in it. */
function findText(assignments: readonly Assignment[], variable: string, defaults: ReadonlyMap<string, string>) {
  let text: string | undefined;
  let weak: { readonly text: string; readonly from: string } | undefined;
  let from = "default";
  for (const { operator, value, from: here, variable: name } of assignments) {
    if (name !== variable) continue;
    if (operator === "??=") {
      weak = { text: value, from: here };
      continue;
    }
    if (operator === "?=" && text !== undefined) continue;
    text = combine(text ?? "", operator, value);
    from = here;
  }
  if (text !== undefined) return { text, from };
  const standard = defaults.get(variable);
  return weak ?? (standard === undefined ? undefined : { text: standard, from: "default" });
}

function combine(before: string, operator: Assignment["operator"], value: string): string {
  switch (operator) {
    case "+=":
      return `${before} ${value}`;
    case "=+":
      return `${value} ${before}`;
    case ".=":
      return before + value;
    case "=.":
      return value + before;
    default:
      return value;
  }
}
