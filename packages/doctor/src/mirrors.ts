/** An entry of SSTATE_MIRRORS. */
export interface Mirror {
  /** What addresses of objects must match: `file://.*`. */
  readonly pattern: string;
  readonly address: string;
  /** Of a `file://` address: the folder that BitBake looks in. */
  readonly folder?: string;
  /** Why BitBake cannot look for an object there, if it cannot. */
  readonly fault?: MirrorFault;
}

/**
 * `malformed`: pattern or address is no URL, and BitBake ends with an error at each object. `unused`: the pattern matches no object.
 * `fixed`: the address names no PATH, and is the same for all objects.
 */
export type MirrorFault = "malformed" | "unused" | "fixed";

/** What BitBake takes for a URL: a scheme, and something behind it. */
const URL_LIKE = /^([^:]*):\/\/(?!$|;)/;
/** Words of an address that stand for parts of an object's. */
const PLACEHOLDER = /PATH|BASENAME|MIRRORNAME/;

/** SSTATE_MIRRORS as it is set. */
interface MirrorsSetting {
  readonly value?: string | undefined;
}

/** Words of SSTATE_MIRRORS; `\n` written out parts them, too. */
export function wordsOfMirrors(mirrors: MirrorsSetting): readonly string[] {
  return (mirrors.value ?? "")
    .replaceAll("\\n", " ")
    .split(/\s+/)
    .filter((word) => word !== "");
}

/** Entries of SSTATE_MIRRORS, as BitBake pairs the words: from the first on, a last one without a partner is left out. */
export function mirrorsOf(mirrors: MirrorsSetting): readonly Mirror[] {
  const words = wordsOfMirrors(mirrors);
  return Array.from({ length: Math.floor(words.length / 2) }, (_, at) => {
    const [pattern = "", address = ""] = [words[2 * at], words[2 * at + 1]];
    const fault = faultOf(pattern, address);
    const folder = /^file:\/\/(?:localhost(?=\/))?(\/[^;]*)/
      .exec(address)?.[1]
      ?.replace(/\/?(?:PATH|BASENAME|MIRRORNAME).*$/, "");
    return {
      pattern,
      address,
      ...(folder === undefined ? {} : { folder: folder === "" ? "/" : folder }),
      ...(fault === undefined ? {} : { fault }),
    };
  });
}

/** Whether a mirror is reached over the network. */
export function isRemote({ address }: Mirror): boolean {
  return !address.startsWith("file://");
}

function faultOf(pattern: string, address: string): MirrorFault | undefined {
  const scheme = URL_LIKE.exec(pattern)?.[1];
  if (scheme === undefined || !URL_LIKE.test(address)) return "malformed";
  if (!matchesFiles(scheme)) return "unused";
  return PLACEHOLDER.test(address.split(";")[0] ?? "") || /\\[1-9]/.test(address) ? undefined : "fixed";
}

/** The scheme of a pattern is a regular expression; objects are `file://`. */
function matchesFiles(scheme: string): boolean {
  try {
    return new RegExp(`^(?:${scheme})$`).test("file");
  } catch {
    return true;
  }
}
