/** What only a terminal is shown: the lines below the progress bar, and moves of the cursor to them. */
const FOOTER = /(?:Currently +\d+ running tasks|No currently running tasks|Running tasks|Setscene tasks:) /;
const ESCAPE = "\u001b[";
const MOVES = /^\d*[A-HJK]/;

/** The line without what colours it or moves the cursor, and whether only a terminal is shown it. */
export function plainLine(content: string): readonly [string, boolean] {
  if (!content.includes(ESCAPE)) return [content, FOOTER.test(content)];
  const [first = "", ...others] = content.split(ESCAPE);
  const line = first + others.map((it) => it.replace(/^[\d;?]*[A-Za-z]/, "")).join("");
  return [line, FOOTER.test(line) || others.some((it) => MOVES.test(it))];
}

const BREAK = /<br\s*\/?>/i;
/** Elements, as web pages of build servers and wikis write them: lower or upper case, with or without attributes. */
const TAG = /<\/?[a-z][a-z0-9-]*(?:\s[^<>]*)?\/?>/gi;
const ENTITY = /&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(\w{2,6}));/gi;
const NAMED: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: " ",
  lsquo: "'",
  rsquo: "'",
  sbquo: "'",
  prime: "'",
};
const OTHER_SPACES = /[\u00a0\u2007\u202f]/g;
const APOSTROPHES = /[\u2018\u2019\u201b\u2032\u00b4\u02bc\uff07]/g;

/**
 * The lines of BitBake in a line of a log as people keep them: as HTML, with elements and entities, or as a word processor or a mailer sets
 * it, with typographic apostrophes and spaces. A plain line is given back as it is.
 */
export function unwrapLine(content: string): readonly string[] {
  const isPlain = !/[<&\u0080-\uffff]/.test(content);
  if (isPlain) return [content];
  return content.split(BREAK).map((part) =>
    part
      .replace(TAG, "")
      .replace(ENTITY, (entity, decimal?: string, hex?: string, name?: string) => {
        if (name !== undefined) return NAMED[name.toLowerCase()] ?? entity;
        const point = decimal === undefined ? Number.parseInt(hex ?? "", 16) : Number(decimal);
        return point > 0x10ffff ? entity : String.fromCodePoint(point);
      })
      .replace(APOSTROPHES, "'")
      .replace(OTHER_SPACES, " "),
  );
}
