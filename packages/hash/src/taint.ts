/** What the taint of a nostamp task begins with; the rest is made anew in each build (signatures.md section 2). */
export const NOSTAMP_TAINT = "nostamp:";

/** Whether a taint is one that BitBake makes anew in each build, as the task is nostamp. */
export function isNostampTaint(taint: string | undefined): boolean {
  return taint?.startsWith(NOSTAMP_TAINT) === true;
}
