import { DepidError, HASH_EXPECTED, HASH_TEXT } from "@depid/hash";
import { type MemoryObject, type OutHashSettings, parseFileMaps, parsePythonFloat } from "@depid/sstate";
import { z } from "zod";

/** A recording that was to be an output hash vector and is none. */
export class OutHashVectorError extends DepidError {
  readonly code = "OUTHASH_VECTOR";
  /** @param field its path, such as "tree[3].mode"; "" for the whole */
  constructor(field: string, problem: string) {
    super(problem, { source: "output hash vector", field });
  }
}

/** An output tree with what `OEOuthashBasic` of BitBake answered for it. */
export interface OutHashVector {
  readonly name: string;
  /** "{PATH}" in a content is the path of the directory that is hashed; `vectorObjects` puts it in. */
  readonly tree: readonly VectorObject[];
  /** Without `do_`. */
  readonly task: string;
  /** Whether `PSEUDO_DISABLED` was "0". */
  readonly pseudo: boolean;
  readonly variables: Readonly<Record<string, string>>;
  readonly expected: VectorExpectation;
}

type VectorExpectation =
  | {
      readonly siginfo: string;
      readonly outhash: string;
      /** What the method of 2018 hashes; `undefined` where that function could not read the tree. */
      readonly rfc2018: { readonly text: string; readonly digest: string } | undefined;
    }
  | {
      /** Name of the Python exception. */
      readonly raises: string;
    };

const placed = {
  path: z.string().min(1),
  mode: z
    .string()
    .regex(/^[0-7]{1,4}$/, "expected up to four octal digits")
    .optional(),
  owner: z.string().optional(),
  group: z.string().optional(),
  mtime: z.number().optional(),
};
const device = { ...placed, major: z.int().min(0), minor: z.int().min(0) };

const vectorObject = z.discriminatedUnion("type", [
  z.strictObject({ ...placed, type: z.enum(["dir", "fifo", "socket"]) }),
  z.strictObject({ ...placed, type: z.literal("file"), text: z.string().optional(), base64: z.base64().optional() }),
  z.strictObject({ ...placed, type: z.literal("symlink"), target: z.string() }),
  z.strictObject({ ...device, type: z.enum(["char", "block"]) }),
]);
type VectorObject = z.infer<typeof vectorObject>;

const vectorFile = z.object({
  format: z.literal(1),
  name: z.string(),
  tree: z.array(vectorObject),
  task: z.string().min(1),
  pseudo: z.boolean(),
  variables: z.intersection(z.object({ SSTATE_PKGSPEC: z.string() }), z.record(z.string(), z.string())),
  siginfo: z.string().optional(),
  outhash: z.string().regex(HASH_TEXT, HASH_EXPECTED).optional(),
  raises: z.string().optional(),
  rfc2018_text: z.string().nullish(),
  rfc2018_digest: z.string().nullish(),
});

/** Whether a recording is an output hash vector, by what is in it; it may still be a bad one. */
export function isOutHashVector(json: unknown): boolean {
  return typeof json === "object" && json !== null && Array.isArray((json as { tree?: unknown }).tree);
}

/** Narrows a recording. @throws {OutHashVectorError} naming the first field that is wrong */
export function parseOutHashVector(json: unknown): OutHashVector {
  const result = vectorFile.safeParse(json);
  if (!result.success) {
    const [issue] = result.error.issues;
    throw new OutHashVectorError(z.core.toDotPath(issue?.path ?? []), issue?.message ?? "is none");
  }
  const { name, tree, task, pseudo, variables } = result.data;
  return { name, tree, task, pseudo, variables, expected: expectationOf(result.data) };
}

/** The settings a vector was recorded with. @throws {OutHashSettingsError} */
export function vectorSettings(vector: OutHashVector): OutHashSettings {
  const { variables } = vector;
  const epoch = variables.SOURCE_DATE_EPOCH;
  return {
    pkgSpec: variables.SSTATE_PKGSPEC ?? "",
    task: vector.task,
    underPseudo: vector.pseudo,
    hashVersion: variables.HASHEQUIV_HASH_VERSION ?? "",
    extraSigdata: variables.HASHEQUIV_EXTRA_SIGDATA ?? "",
    fileMaps: parseFileMaps(variables.SSTATE_HASHEQUIV_FILEMAP ?? ""),
    // Nothing else reads it.
    ...(epoch === undefined || vector.task !== "package"
      ? {}
      : { sourceDateEpoch: parsePythonFloat("SOURCE_DATE_EPOCH", epoch) }),
  };
}

/** An id that no account has. */
const NAMELESS = 54_321;

/**
 * The tree of a vector, as if it were at `root`. Where the function raised a plain `Exception`, an owner had no name, which a recording of
 * names cannot say: then none has.
 */
export function vectorObjects(vector: OutHashVector, root: string): readonly MemoryObject[] {
  const isNameless = "raises" in vector.expected && vector.expected.raises === "Exception";
  return vector.tree.map(({ mode, owner, group, mtime, ...object }) => {
    const placement = {
      ...(mode === undefined ? {} : { mode: Number.parseInt(mode, 8) }),
      ...(isNameless ? { owner: NAMELESS } : owner === undefined ? {} : { owner }),
      ...(group === undefined ? {} : { group }),
      ...(mtime === undefined ? {} : { mtime }),
    };
    if (object.type !== "file") return { ...placement, ...object };
    const { text, base64, ...file } = object;
    return {
      ...placement,
      ...file,
      content: base64 === undefined ? (text ?? "").replaceAll("{PATH}", root) : bytesOf(base64),
    };
  });
}

function expectationOf(file: z.infer<typeof vectorFile>): VectorExpectation {
  if (file.raises !== undefined) return { raises: file.raises };
  const { siginfo, outhash, rfc2018_text: text, rfc2018_digest: digest } = file;
  if (siginfo === undefined) throw new OutHashVectorError("siginfo", "expected a text, or `raises`; found neither");
  if (outhash === undefined)
    throw new OutHashVectorError("outhash", "expected 64 lowercase hexadecimal digits, found none");
  return { siginfo, outhash, rfc2018: text == null || digest == null ? undefined : { text, digest } };
}

function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
}
