import { parseDepId, parseOutHash, parseTaskHash, sha256Hex, type TaskHash } from "@depid/hash";
import { createBasicHash, type TaskHashInput } from "@depid/siggen";
import { byDepId, byHash, everyTask } from "../policies/parts.ts";
import type { Policy, Reporter } from "../policies/policy.ts";

const ZERO = "0".repeat(64);

/** Policies that reuse what is wrong, each in its own way, and are called by it: what a replay must see through. */
export const LYING_POLICIES: readonly Policy[] = [
  without("ignores-files", (input) => ({ ...input, files: [] })),
  without("ignores-dependencies", (input) => ({ ...input, depids: [] })),
  without("ignores-metadata", (input) => ({ ...input, basehash: input.basehash.replace(/./g, "0") as never })),
  without("ignores-taints", (input) => ({ ...input, taint: undefined })),
  without("forgets-a-dependency", (input) => ({ ...input, depids: input.depids.slice(1) })),
  saying("hashes-the-task-alone", ({ tid }) => sha256Hex(tid)),
  saying("says-the-same-of-all", () => ZERO),
  saying("cuts-hashes-short", (_input, honest) => honest.slice(0, 1).padEnd(64, "0")),
  saying("has-a-hash-for-the-first-time", firstOnly()),
  reporting("reports-one-output", () => ZERO),
  reporting("reports-the-recipe", ({ pn, task }) => sha256Hex(`${pn}:${task}`)),
  declaring("knows-one-depid"),
];

/** Hashes without something. */
function without(name: string, leave: (input: TaskHashInput) => TaskHashInput): Policy {
  return hashing(name, (input, honest) => honest(leave(input)));
}

/** Has another hash in place of the honest one. */
function saying(name: string, hashOf: (input: TaskHashInput, honest: TaskHash) => string): Policy {
  return hashing(name, (input, honest) => parseTaskHash(hashOf(input, honest(input))));
}

function hashing(name: string, taskhash: (input: TaskHashInput, honest: Honest) => TaskHash): Policy {
  const base = createBasicHash();
  const honest: Honest = (input) => base.taskhash(input);
  return {
    name,
    definition: definitionOf(name),
    rebuilder: {
      ...byHash(() => ({ ...base, taskhash: (input) => taskhash(input, honest) })),
      follows: "anything",
    },
  };
}

type Honest = (input: TaskHashInput) => TaskHash;

/** What a task was hashed to once is what it has for good. */
function firstOnly(): (input: TaskHashInput, honest: TaskHash) => string {
  const first = new Map<string, string>();
  return ({ tid }, honest) => {
    first.set(tid, first.get(tid) ?? honest);
    return first.get(tid) as string;
  };
}

/** Hashes honestly, and tells the server something else than what came out. */
function reporting(name: string, outhashOf: (task: Parameters<Reporter["outHashOf"]>[0]) => string): Policy {
  return {
    name,
    definition: definitionOf(name),
    rebuilder: byDepId(),
    server: { reporter: { outHashOf: (task) => parseOutHash(outhashOf(task)) }, adoption: "next build" },
  };
}

/** Reports honestly, and takes every output of a task for the same. */
function declaring(name: string): Policy {
  return {
    name,
    definition: definitionOf(name),
    rebuilder: {
      ...byDepId(),
      follows: "anything",
      createGenerator: () => ({
        ...createBasicHash(),
        stampHash: "depid",
        depids: (tasks) => tasks.map(({ task }) => parseDepId(sha256Hex(`${task.pn}:${task.task}`))),
      }),
    },
    server: { reporter: everyTask, adoption: "next build" },
  };
}

function definitionOf(name: string): string {
  return `a policy that lies: ${name.replaceAll("-", " ")}`;
}
