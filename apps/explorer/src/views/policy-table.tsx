import { formatCount } from "../model/figures.ts";
import { usePage } from "./context.ts";
import { Scrolling } from "./scrolling.tsx";

/** Sums, or the figures of the chosen step, of each policy. Each leads to the tasks that it counts. */
export function PolicyTable() {
  const { run, selection, choices, time: unitOfTime, dispatch } = usePage();
  const { replay } = run;
  const { scope, step, unit } = selection;
  const rows = replay.policies.map((policy) => ({
    name: policy.name,
    counts: scope === "all" ? policy.sum : policy.steps[step],
    time: scope === "all" ? policy.time?.sum : policy.time?.steps[step],
  }));
  return (
    <Scrolling label="figures of all policies">
      <table class="figures">
        <caption>
          {scope === "all" ? "Sums over all steps but the first" : `Step ${step}`}, in{" "}
          {unit === "time" ? `serial ${unitOfTime.name}` : "tasks"}. Each figure leads to its tasks.
        </caption>
        <thead>
          <tr>
            <th scope="col">policy</th>
            {choices.counts.map((count) => (
              <th
                key={count}
                scope="col"
                title={replay.definitions.counts[count as keyof typeof replay.definitions.counts]}
              >
                {count}
              </th>
            ))}
            {choices.knowsTime ? (
              <th scope="col" title="from begin to end, with the workers there are">
                wall, {unitOfTime.name}
              </th>
            ) : null}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ name, counts, time }) => (
            <tr key={name} class={name === selection.policy ? "chosen" : ""}>
              <th scope="row" title={replay.definitions.policies[name]}>
                {name}
              </th>
              {choices.counts.map((count) => {
                const key = count as keyof NonNullable<typeof counts>;
                const number = counts?.[key] ?? 0;
                const shown = unit === "time" ? unitOfTime.format(time?.serial[key] ?? undefined) : formatCount(number);
                return (
                  <td key={count} class={count === "stale" && number > 0 ? "stale" : ""}>
                    <button
                      type="button"
                      class="figure"
                      data-figure={`${name} ${count}`}
                      aria-label={`${shown}: ${name}, ${count}, ${formatCount(number)} tasks; show them`}
                      onClick={() => dispatch({ type: "list", policy: name, count, scope })}
                    >
                      {shown}
                    </button>
                  </td>
                );
              })}
              {choices.knowsTime ? <td>{unitOfTime.format(time?.wall)}</td> : null}
            </tr>
          ))}
        </tbody>
      </table>
    </Scrolling>
  );
}
