import type { Credentials } from "@depid/hashserv-protocol";

/**
 * The login a `.netrc` file has for a machine, or else its default one.
 *
 * @param text words apart by white space; `#` begins a comment, quotes hold a word together
 * @param machine here the address of a server, exactly as given
 */
export function findLogin(text: string, machine: string): Credentials | undefined {
  const words = splitNetrc(text);
  let found: Credentials | undefined;
  let fallback: Credentials | undefined;
  for (let at = 0; at < words.length; ) {
    const kind = words[at++];
    if (kind !== "machine" && kind !== "default") continue;
    const name = kind === "machine" ? words[at++] : undefined;
    const entry = { username: "", token: "" };
    for (; at + 1 < words.length && FIELDS.has(words[at] ?? ""); at += 2) {
      const field = FIELDS.get(words[at] ?? "");
      if (field !== undefined) entry[field] = words[at + 1] ?? "";
    }
    if (kind === "default") fallback ??= entry;
    // The last of equal machines counts.
    else if (name === machine) found = entry;
  }
  return found ?? fallback;
}

/** Fields of an entry, by what we make of them. */
const FIELDS: ReadonlyMap<string, keyof Credentials | undefined> = new Map([
  ["login", "username"],
  ["user", "username"],
  ["password", "token"],
  ["account", undefined],
]);

function splitNetrc(text: string): readonly string[] {
  // A macro goes to the next empty line.
  const entries = text.replace(/^[ \t]*macdef\b[\s\S]*?(?:\n\s*\n|$(?![\s\S]))/gm, "\n");
  const found = entries.matchAll(/#.*|"((?:[^"\\]|\\.)*)"|((?:[^\s\\]|\\.)+)/g);
  return [...found].flatMap(([whole, quoted, plain]) => {
    const word = quoted ?? plain;
    return word === undefined || whole.startsWith("#") ? [] : [word.replace(/\\(.)/g, "$1")];
  });
}
