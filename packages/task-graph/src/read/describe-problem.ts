import { z } from "zod";

/** The first problem that zod found in a value: the field, as zod writes paths (`tasks[0].pn`), and what was expected there. */
export function describeProblem(error: z.ZodError | undefined): string {
  const [issue] = error?.issues ?? [];
  const field = z.core.toDotPath(issue?.path ?? []);
  return `${field === "" ? "" : `${field}: `}${issue?.message ?? "not as expected"}`;
}
