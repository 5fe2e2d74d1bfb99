import { availableParallelism, loadavg } from "node:os";

/**
 * Milliseconds that a test may take: a limit ends what hangs, and says nothing of speed, so it grows with what else the machine has to
 * do when the tests start. `DEPID_TEST_TIME` is a factor in its place, for machines whose load comes later.
 *
 * @param seconds on a machine that does nothing else
 */
export function timeLimit(seconds: number, { env = process.env, load = loadavg()[0] ?? 0 } = {}): number {
  const named = Number(env.DEPID_TEST_TIME);
  const factor = named > 0 ? named : Math.max(1, Math.ceil(load / availableParallelism()));
  return seconds * 1000 * factor;
}
