import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { list } from "@depid/command-line/flags";
import { type NamedInput, parseByteSize } from "@depid/replay";
import type { InputFlags } from "./prepare-replay.ts";

/** Digest of a file's bytes; `null` if it is none: a folder, or an address. @throws what the system refuses */
export async function digestOf(path: string): Promise<string | null> {
  const isFile = await stat(path).then(
    (it) => it.isFile(),
    () => false,
  );
  if (!isFile) return null;
  const hash = createHash("sha256");
  for await (const bytes of createReadStream(path)) hash.update(bytes);
  return hash.digest("hex");
}

/** What flags name beside the history, with digests of the files. */
export async function listInputs(flags: InputFlags): Promise<readonly NamedInput[]> {
  const inputs: NamedInput[] = [];
  for (const { flag, name } of namedBy(flags)) inputs.push({ flag, name, sha256: await digestOf(name) });
  return inputs;
}

/** The flags with other names in place of what they name. */
export function renameInputs(flags: InputFlags, rename: (name: string) => string): InputFlags {
  return {
    ...flags,
    policy: list(flags.policy)
      .map((it) => (isPlugin(it) ? rename(it) : it))
      .join(),
    outcomes: list(flags.outcomes)
      .map((it) => {
        const { kind, files } = membersOf(it);
        return `${kind}${files.map(rename).join("+")}`;
      })
      .join(),
    ...(flags.sizes === undefined ? {} : { sizes: flags.sizes.map((it) => (parseByteSize(it) ? it : rename(it))) }),
    ...(flags.policyOptions === undefined ? {} : { policyOptions: rename(flags.policyOptions) }),
    ...(flags.topology === undefined ? {} : { topology: rename(flags.topology) }),
    ...(flags.irreproducible === undefined ? {} : { irreproducible: rename(flags.irreproducible) }),
    ...(flags.durations === undefined ? {} : { durations: flags.durations.map(rename) }),
  };
}

function namedBy({
  policy,
  policyOptions,
  outcomes,
  durations = [],
  sizes = [],
  topology,
  irreproducible,
}: InputFlags): readonly Omit<NamedInput, "sha256">[] {
  return [
    ...list(policy)
      .filter(isPlugin)
      .map((name) => ({ flag: "--policy", name })),
    ...(policyOptions === undefined ? [] : [{ flag: "--policy-options", name: policyOptions }]),
    ...list(outcomes)
      .flatMap((it) => membersOf(it).files)
      .map((name) => ({ flag: "--outcomes", name })),
    ...durations.map((name) => ({ flag: "--durations", name })),
    ...sizes.filter((it) => parseByteSize(it) === undefined).map((name) => ({ flag: "--sizes", name })),
    ...(topology === undefined ? [] : [{ flag: "--topology", name: topology }]),
    ...(irreproducible === undefined ? [] : [{ flag: "--irreproducible", name: irreproducible }]),
  ];
}

/** A path, where a name would be a policy of ours (`choosePolicies`). */
function isPlugin(name: string): boolean {
  return name.includes("/") || /\.m?js$/.test(name);
}

/** What a member of a chain of outcomes names (`chooseOutcomes`); a word alone names nothing. */
function membersOf(member: string): { readonly kind: string; readonly files: readonly string[] } {
  const [, kind, rest = ""] = /^(recorded:|labels:|classes:)(.*)$/s.exec(member) ?? [];
  if (kind === "recorded:") return { kind, files: rest.split("+") };
  if (kind !== undefined) return { kind, files: [rest] };
  return /[./]/.test(member) ? { kind: "", files: [member] } : { kind: member, files: [] };
}
