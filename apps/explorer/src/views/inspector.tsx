import type { RunBuild, RunTask } from "@depid/run-document";
import { KIND_WORDS, kindOf, sayWhy } from "../model/kind.ts";
import { usePage } from "./context.ts";
import { Hashes } from "./hashes.tsx";
import { Mark } from "./mark.tsx";
import { Scrolling } from "./scrolling.tsx";
import { TaskLink } from "./task-link.tsx";

/** What an engineer asks: why did this run. */
export function Inspector() {
  const { run, selection, dispatch } = usePage();
  const { task: name, policy, step, builder } = selection;
  const build = run.build(policy, step, builder);
  const task = build && run.taskNamed(name, build);
  return (
    <div class="inspector-body">
      <div class="row">
        <h2 class="task-name" id="h-task">
          {name}
        </h2>
        <button
          type="button"
          class="close"
          aria-label="close the inspector"
          onClick={() => dispatch({ type: "inspect", task: "" })}
        >
          ✕
        </button>
      </div>
      {build === undefined || task === undefined ? (
        <p class="empty">
          {build === undefined
            ? `${builder} built nothing in step ${step}.`
            : `The build of step ${step} has no task of this name.`}
        </p>
      ) : (
        <>
          <WhatBecame build={build} task={task} />
          <Strip name={name} />
          <Hashes key={`${policy} ${step} ${name}`} build={build} task={task} />
        </>
      )}
    </div>
  );
}

function WhatBecame({ build, task }: { readonly build: RunBuild; readonly task: RunTask }) {
  const { run } = usePage();
  const cell = build.cellOf(task.number);
  if (cell === undefined) return null;
  const kind = kindOf(cell);
  const by = build.byOf(task.number);
  const { real, setscene } = build.timeOf(task.number);
  return (
    <section aria-label="what became of it">
      <p class="became">
        <Mark kind={kind} size={18} /> <b>{KIND_WORDS[kind].name}</b> in step {build.step} under {build.policy}:{" "}
        {KIND_WORDS[kind].says}.
      </p>
      <p>
        Why: {sayWhy(cell.why)}
        {by === undefined ? "" : " "}
        {by === undefined ? null : <TaskLink name={run.tasks[by]?.name ?? ""} />}.
      </p>
      {real === undefined && setscene === undefined ? null : (
        <p class="note">
          Executing takes {sayTime(real)}, restoring {sayTime(setscene)}.
        </p>
      )}
    </section>
  );
}

function sayTime(milliseconds: number | undefined): string {
  return milliseconds === undefined
    ? "nobody knows how long"
    : `${(milliseconds / 1000).toLocaleString("en-US", { maximumFractionDigits: 1 })} s`;
}

const CELL = 12;
/** Of a long history, steps around the chosen one. */
const STEPS = 60;

/** What became of the task in each step under each policy. */
function Strip({ name }: { readonly name: string }) {
  const { run, selection, dispatch } = usePage();
  const { step, builder } = selection;
  const count = run.replay.steps.length;
  const from = Math.max(0, Math.min(count - STEPS, step - STEPS / 2));
  const steps = run.replay.steps.slice(from, from + STEPS).map((it) => it.step);
  const rows = run.policies.map((policy) => ({
    policy,
    kinds: steps.map((at) => {
      const build = run.build(policy, at, builder);
      const task = build && run.taskNamed(name, build);
      const cell = task && build?.cellOf(task.number);
      return cell === undefined ? undefined : kindOf(cell);
    }),
  }));
  return (
    <section aria-label="the same task in other steps">
      <h3>
        In steps {from} to {steps.at(-1)}
      </h3>
      <Scrolling label="steps of all policies">
        <table class="strip">
          <tbody>
            {rows.map(({ policy, kinds }) => (
              <tr key={policy} class={policy === selection.policy ? "chosen" : ""}>
                <th scope="row">{policy}</th>
                {kinds.map((kind, at) => {
                  const its = steps[at] ?? 0;
                  const says = `step ${its}: ${kind === undefined ? "not in the build" : KIND_WORDS[kind].name}`;
                  return (
                    <td key={its} class={its === step ? "chosen" : ""}>
                      <button
                        type="button"
                        tabIndex={-1}
                        title={says}
                        aria-label={`${policy}, ${says}`}
                        onClick={() => dispatch({ type: "choose", part: { step: its, policy } })}
                      >
                        {kind === undefined ? <span class="absent">·</span> : <Mark kind={kind} size={CELL} />}
                      </button>
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </Scrolling>
    </section>
  );
}
