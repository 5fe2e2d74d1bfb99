import { parseOutHash } from "@depid/hash";
import {
  type CreateGenerator,
  checkedGenerator,
  createBasic,
  createBasicHash,
  createEquivHash,
  createTaskCache,
} from "@depid/siggen";
import { z } from "zod";
import { ReplayError } from "../errors.ts";
import { LEVELS, levelText } from "./level.ts";
import { byDepId, byHash, everyTask, forgetting, hashing, reportingLevel, reusingNothing } from "./parts.ts";
import type { Policy, PolicyServer, Rebuilder } from "./policy.ts";

/** What a plugged-in policy may be made of; it is given to the plug-in, which imports nothing. */
export const POLICY_PARTS = {
  byHash,
  byDepId,
  hashing,
  forgetting,
  reusingNothing,
  everyTask,
  reportingLevel,
  levelText,
  LEVELS,
  createBasic,
  createBasicHash,
  createEquivHash,
} as const;

/** What a plug-in says of its policy. Its name is its path. */
export type PluggedPolicy = Omit<Policy, "name">;

/** Makes a policy of parts. A plug-in exports one of these as `policy`. */
export type CreatePolicy = (parts: typeof POLICY_PARTS) => PluggedPolicy;

const fn = z.custom<(...given: never[]) => unknown>((it) => typeof it === "function", "expected a function");
const plugged = z.strictObject({
  definition: z
    .string()
    .min(1)
    .regex(/^[^\n]*$/, "expected one line"),
  rebuilder: z.object({ reuses: z.boolean(), createMemory: fn, createGenerator: fn }),
  server: z
    .strictObject({
      reporter: z.object({ outHashOf: fn, tells: fn.optional() }),
      adoption: z.enum(["next build", "at once", "awaited"]),
      map: z.enum(["list", "moving"]).optional(),
    })
    .optional(),
});

/**
 * A whole policy from a plug-in, held to its contract: nothing is taken for granted of what its hashes follow from, its generator is checked, and its outhashes are.
 *
 * @param path names the policy
 * @throws {ReplayError} naming the path and the field
 */
export function pluggedPolicy(path: string, create: CreatePolicy): Policy {
  const origin = `plug-in ${path}`;
  let made: PluggedPolicy;
  try {
    made = create(POLICY_PARTS);
  } catch (error) {
    throw new ReplayError(`${origin}: policy threw ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
  const result = plugged.safeParse(made);
  if (!result.success) {
    const [issue] = result.error.issues;
    throw new ReplayError(`${origin}: policy: ${z.core.toDotPath(issue?.path ?? [])}: ${issue?.message}`);
  }
  const { definition, rebuilder, server } = made;
  return {
    name: path,
    definition,
    rebuilder: checkedRebuilder(rebuilder, origin),
    ...(server === undefined ? {} : { server: checkedServer(server) }),
  };
}

function checkedRebuilder(rebuilder: Rebuilder, origin: string): Rebuilder {
  return {
    reuses: rebuilder.reuses,
    follows: "anything",
    createMemory: () => rebuilder.createMemory(),
    createGenerator: ({ truthOf: _, ...context }) => {
      const truthOf = (): never => {
        throw new ReplayError(`${origin}: asked for the truth, which only the clairvoyant sees`);
      };
      return checkedGenerator(rebuilder.createGenerator({ ...context, truthOf }), origin);
    },
  };
}

function checkedServer(server: PolicyServer): PolicyServer {
  const { reporter } = server;
  return {
    ...server,
    reporter: {
      ...reporter,
      outHashOf: (task, content, context) => parseOutHash(reporter.outHashOf(task, content, context)),
    },
  };
}

/**
 * The policy of a plugged-in generator: one that names stamps by depid asks the server and reports to it, as equivhash does.
 *
 * @param path names the policy
 */
export function pluginPolicy(path: string, createGenerator: CreateGenerator): Policy {
  return {
    name: path,
    definition: `the signature generator of the plug-in ${path}`,
    rebuilder: {
      reuses: true,
      follows: "anything",
      createMemory: createTaskCache,
      createGenerator: ({ service, method, memory }) => createGenerator({ source: service, method, cache: memory }),
    },
    server: { reporter: everyTask, adoption: "at once" },
  };
}
