import { expect, it } from "vitest";
import { JointProgress } from "./joint-progress.ts";

const of = (step: number, done: number) => ({ step, steps: 3, policy: "p", done, builds: 3 });

it("a replay in parts is where the part is that is behind all others, and each step comes once", () => {
  const joint = new JointProgress(2);
  const steps = [
    joint.update(0, of(0, 0)),
    joint.update(0, of(1, 1)),
    joint.update(1, of(0, 0)),
    joint.update(1, of(1, 1)),
    joint.update(0, of(2, 2)),
    joint.update(1, of(2, 2)),
  ];
  joint.end(0);
  const last = joint.update(1, of(2, 3));
  expect([...steps, last].map(({ step, done, builds }) => [step, done, builds])).toEqual([
    [0, 0, 3],
    [0, 1, 3],
    [0, 1, 6],
    [1, 2, 6],
    [1, 3, 6],
    [2, 4, 6],
    [2, 6, 6],
  ]);
});
