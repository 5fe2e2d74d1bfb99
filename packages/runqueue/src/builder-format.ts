import { byCodePoint, type DepId, isDepId, type TaskHash } from "@depid/hash";
import type { CachedDepId } from "@depid/siggen";
import { type BuilderState, type StampSet, type StampTime, stampKeyOf, type Taint, taintKeyOf } from "./builder.ts";
import { BuilderFormatError } from "./errors.ts";

/** Name of the format a builder is saved in. */
export const BUILDER_FORMAT = "depid-builder/2";

/** Text of a builder, to be kept; the same for the same state. */
export function formatBuilder(builder: BuilderState): string {
  const stamps = sorted(builder.stamps).map((set) => ({
    ...set,
    made: [...set.made].sort((a, b) => byCodePoint(a.hash, b.hash)),
  }));
  const manifests = [...builder.manifests].sort(byCodePoint);
  const depids = [...builder.depids]
    .sort(([a], [b]) => byCodePoint(a, b))
    .map(([task, { taskhash, depid }]) => ({ task, taskhash, depid }));
  const { clock } = builder;
  return JSON.stringify({ format: BUILDER_FORMAT, clock, stamps, taints: sorted(builder.taints), manifests, depids });
}

/** The inverse of `formatBuilder`. @throws {BuilderFormatError} naming the field that is not as expected */
export function parseBuilder(text: string): BuilderState {
  const json = record("", parseJson(text));
  if (json.format !== BUILDER_FORMAT) throw unexpected("format", `"${BUILDER_FORMAT}"`, json.format);
  const stamps = list("stamps", json.stamps).map(parseStampSet);
  const taints = list("taints", json.taints).map(parseTaint);
  return {
    clock: number("clock", json.clock),
    stamps: new Map(stamps.map((set) => [stampKeyOf(set), set] as const)),
    taints: new Map(taints.map((taint) => [taintKeyOf(taint), taint] as const)),
    manifests: new Set(list("manifests", json.manifests).map((key, i) => string(`manifests[${i}]`, key))),
    depids: new Map(list("depids", json.depids).map(parseDepIdRow)),
  };
}

function parseDepIdRow(value: unknown, index: number): readonly [string, CachedDepId] {
  const at = `depids[${index}]`;
  const row = record(at, value);
  const [taskhash, depid] = [row.taskhash, row.depid].map((hash, i) => {
    if (!isDepId(hash)) throw unexpected(`${at}.${i === 0 ? "taskhash" : "depid"}`, "64 hexadecimal digits", hash);
    return hash;
  });
  return [string(`${at}.task`, row.task), { taskhash: taskhash as string as TaskHash, depid: depid as DepId }];
}

function parseStampSet(value: unknown, index: number): StampSet {
  const at = `stamps[${index}]`;
  const row = record(at, value);
  const variant = string(`${at}.variant`, row.variant);
  if (variant !== "real" && variant !== "setscene") throw unexpected(`${at}.variant`, '"real" or "setscene"', variant);
  return {
    config: string(`${at}.config`, row.config),
    stamp: string(`${at}.stamp`, row.stamp),
    task: string(`${at}.task`, row.task),
    variant,
    extra: string(`${at}.extra`, row.extra),
    made: list(`${at}.made`, row.made).map((stamp, i) => parseStampTime(`${at}.made[${i}]`, stamp)),
  };
}

function parseStampTime(at: string, value: unknown): StampTime {
  const row = record(at, value);
  return { hash: string(`${at}.hash`, row.hash), seconds: number(`${at}.seconds`, row.seconds) };
}

function parseTaint(value: unknown, index: number): Taint {
  const at = `taints[${index}]`;
  const row = record(at, value);
  return {
    config: string(`${at}.config`, row.config),
    stamp: string(`${at}.stamp`, row.stamp),
    task: string(`${at}.task`, row.task),
    taint: string(`${at}.taint`, row.taint),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new BuilderFormatError("expected JSON, found something else", { cause });
  }
}

function record(field: string, value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw unexpected(field, "an object", value);
  return value as Record<string, unknown>;
}

function list(field: string, value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw unexpected(field, "a list", value);
  return value;
}

function string(field: string, value: unknown): string {
  if (typeof value !== "string") throw unexpected(field, "text", value);
  return value;
}

function number(field: string, value: unknown): number {
  if (typeof value !== "number" || !(value >= 0)) throw unexpected(field, "a number, not negative", value);
  return value;
}

function unexpected(field: string, wanted: string, found: unknown): BuilderFormatError {
  const shown = JSON.stringify(found) ?? "nothing";
  const short = shown.length > 60 ? `${shown.slice(0, 57)}...` : shown;
  return new BuilderFormatError(`${field === "" ? "" : `${field}: `}expected ${wanted}, found ${short}`);
}

function sorted<T>(map: ReadonlyMap<string, T>): T[] {
  return [...map].sort(([a], [b]) => byCodePoint(a, b)).map(([, value]) => value);
}
