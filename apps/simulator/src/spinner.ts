import type { Ora } from "ora";

/** A moving line on stderr, which the caller starts. What draws it is loaded by who draws alone. */
export async function createSpinner(): Promise<Ora> {
  const { default: ora } = await import("ora");
  return ora({ discardStdin: false });
}
