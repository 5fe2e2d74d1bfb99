import { useMemo, useState } from "preact/hooks";
import { formatCount } from "../model/figures.ts";
import { KIND_WORDS, kindOf, sayWhy } from "../model/kind.ts";
import { listTasks, searchTasks } from "../model/listed-tasks.ts";
import { usePage } from "./context.ts";
import { Mark } from "./mark.tsx";
import { Scrolling } from "./scrolling.tsx";

/** So many rows are shown at first, and more when asked for: a page of thousands is read by nobody, and slow. */
const ROWS = 100;
const SECONDS = new Intl.NumberFormat("en-US", { maximumFractionDigits: 1 });

/** The tasks that a figure counts. */
export function TaskList() {
  const { run, selection, choices, time, dispatch } = usePage();
  const { policy, builder, step, scope, count, search } = selection;
  const tasks = useMemo(
    () => listTasks(run, { policy, builder, step, scope, count }),
    [run, policy, builder, step, scope, count],
  );
  const found = useMemo(() => searchTasks(tasks, search), [tasks, search]);
  const [rows, setRows] = useState(ROWS);
  const builds = found.reduce((sum, it) => sum + it.builds, 0);
  const seconds = found.some((it) => it.seconds === undefined)
    ? undefined
    : found.reduce((sum, it) => sum + (it.seconds ?? 0), 0);
  return (
    <section class="task-list" aria-labelledby="h-tasks">
      <h2 id="h-tasks">Tasks</h2>
      <div class="row">
        <label>
          which{" "}
          <select
            value={count}
            onChange={(event) => dispatch({ type: "choose", part: { count: event.currentTarget.value } })}
          >
            <option value="">all</option>
            {choices.counts.map((it) => (
              <option key={it} value={it}>
                {it}
              </option>
            ))}
          </select>
        </label>
        <label>
          in{" "}
          <select
            value={scope}
            onChange={(event) =>
              dispatch({ type: "choose", part: { scope: event.currentTarget.value === "all" ? "all" : "step" } })
            }
          >
            <option value="step">step {step}</option>
            <option value="all">all steps but the first</option>
          </select>
        </label>
        <label>
          named{" "}
          <input
            type="search"
            value={search}
            placeholder="words of a name"
            onInput={(event) => dispatch({ type: "choose", part: { search: event.currentTarget.value } })}
          />
        </label>
      </div>
      <p role="status" data-total={builds}>
        {policy}, {count === "" ? "all" : count}: <b>{formatCount(builds)}</b>{" "}
        {scope === "all" ? `in all steps, of ${formatCount(found.length)} tasks` : builds === 1 ? "task" : "tasks"}
        {choices.knowsTime ? `, ${time.format(seconds)} ${time.name}` : ""}
        {count === "" ? "" : `: ${run.replay.definitions.counts[count as keyof typeof run.replay.definitions.counts]}`}
      </p>
      {found.length === 0 ? (
        <p class="empty">No task is counted here{search === "" ? "" : ` with “${search}” in its name`}.</p>
      ) : (
        <Scrolling label="rows of tasks">
          <table class="tasks">
            <thead>
              <tr>
                <th scope="col">task</th>
                <th scope="col">{scope === "all" ? "last time" : "what became of it"}</th>
                <th scope="col">why</th>
                {scope === "all" ? <th scope="col">steps</th> : null}
                {choices.knowsTime ? <th scope="col">seconds</th> : null}
              </tr>
            </thead>
            <tbody>
              {found.slice(0, rows).map((it) => (
                <tr key={it.number} class={it.name === selection.task ? "chosen" : ""}>
                  <th scope="row">
                    <button type="button" class="link" onClick={() => dispatch({ type: "inspect", task: it.name })}>
                      {it.name}
                    </button>
                  </th>
                  <td class="nowrap">
                    <Mark kind={kindOf(it.cell)} /> {KIND_WORDS[kindOf(it.cell)].name}
                    {scope === "all" ? `, step ${it.step}` : ""}
                  </td>
                  <td>
                    {sayWhy(it.cell.why)} {it.by}
                  </td>
                  {scope === "all" ? <td class="number">{formatCount(it.builds)}</td> : null}
                  {choices.knowsTime ? (
                    <td class="number">{it.seconds === undefined ? "?" : SECONDS.format(it.seconds)}</td>
                  ) : null}
                </tr>
              ))}
            </tbody>
          </table>
          {found.length > rows ? (
            <button type="button" onClick={() => setRows(rows + 5 * ROWS)}>
              {formatCount(found.length - rows)} more
            </button>
          ) : null}
        </Scrolling>
      )}
    </section>
  );
}
