import { z } from "zod";

/**
 * The first problem that zod found in a value: the field, as zod writes paths (`tasks[0].pn`), and what was expected there.
 *
 * @param within path of the value, where it is a part of what is told of
 */
export function describeProblem(error: z.ZodError | undefined, within: readonly (string | number)[] = []): string {
  const [issue] = error?.issues ?? [];
  const field = z.core.toDotPath([...within, ...(issue?.path ?? [])]);
  return `${field === "" ? "" : `${field}: `}${issue?.message ?? "not as expected"}`;
}
