import { headlineOf } from "../model/headline.ts";
import { Bars } from "./bars.tsx";
import { usePage } from "./context.ts";
import { Legend } from "./mark.tsx";
import { PolicyTable } from "./policy-table.tsx";
import { Switch } from "./switch.tsx";

const NAMES = { s: "seconds", min: "minutes", h: "hours" };

/** What a lead asks: what do we gain, and can I believe it. */
export function Overview() {
  const { run, selection, choices, time, dispatch } = usePage();
  const { replay } = run;
  return (
    <div class="overview">
      <Verdict />
      <section aria-labelledby="h-steps">
        <h2 id="h-steps">Step by step</h2>
        <div class="row">
          <Legend kinds={["needed", "needless", "timing", "restored", "stale"]} />
          {choices.knowsTime ? (
            <Switch
              label="unit"
              options={["time", "tasks"]}
              names={{ time: NAMES[time.name] }}
              value={selection.unit}
              onChoose={(unit) => dispatch({ type: "choose", part: { unit } })}
            />
          ) : null}
        </div>
        <Bars />
      </section>
      <section aria-labelledby="h-figures">
        <h2 id="h-figures">Figures</h2>
        <Switch
          label="what is counted"
          options={["all", "step"]}
          names={{ all: "all steps but the first", step: `step ${selection.step}` }}
          value={selection.scope}
          onChoose={(scope) => dispatch({ type: "choose", part: { scope } })}
        />
        <PolicyTable />
      </section>
      <section aria-labelledby="h-words">
        <h2 id="h-words">What the words mean, and what this rests on</h2>
        <div class="columns">
          <Definitions title="Counts" of={replay.definitions.counts} />
          <Definitions title="Policies" of={replay.definitions.policies} />
          <details>
            <summary>What was assumed</summary>
            <ul>
              {[...replay.definitions.notes, ...replay.assumed].map((it) => (
                <li key={it}>{it}</li>
              ))}
            </ul>
          </details>
          <Labels />
        </div>
      </section>
    </div>
  );
}

function Verdict() {
  const { run } = usePage();
  const { replay } = run;
  const headline = headlineOf(replay);
  return (
    <section class="verdict" aria-labelledby="h-verdict">
      <h2 id="h-verdict">Verdict</h2>
      {replay.unsound.length > 0 ? (
        <p class="unsound">
          <b>UNSOUND:</b> {[...new Set(replay.unsound.map((it) => it.policy))].join(", ")} reused what is wrong.
        </p>
      ) : null}
      {headline === undefined ? null : (
        <p class="headline">
          <b>{headline.policy}</b> {headline.saves ? "saves" : "costs"} <b class="amount">{headline.amount}</b>
          {headline.saves ? "" : " more"} against {headline.baseline}
          {headline.share === "" ? "" : `: ${headline.share}`}
          {headline.range === "" ? "" : `, ${headline.range} if unsure labels are wrong`}.
        </p>
      )}
      <ul>
        {replay.verdict.map((it) => (
          <li key={it}>{it}</li>
        ))}
      </ul>
      <p class="note">
        {replay.history.source}: {replay.steps.length} steps, {replay.history.from.slice(0, 10)} to{" "}
        {replay.history.to.slice(0, 10)}; builder {replay.setting.topology ?? replay.setting.builder},{" "}
        {replay.setting.workers} workers, outcomes {replay.setting.outcomes}
      </p>
    </section>
  );
}

function Labels() {
  const { run } = usePage();
  const labels = run.replay.labels?.flatMap((it) => it.labels) ?? [];
  if (labels.length === 0) return null;
  return (
    <details>
      <summary>Labels: what each change is said to do</summary>
      <ul class="labels">
        {labels.map((it, at) => (
          <li key={at}>
            <code>{it.commit}</code> {[it.recipe, it.task].filter((part) => part !== undefined).join(" ")}:{" "}
            <b>{typeof it.outcome === "string" ? it.outcome : JSON.stringify(it.outcome)}</b>
            {it.sure ? "" : " (unsure)"}, {it.decided} changes. {it.reason}
          </li>
        ))}
      </ul>
    </details>
  );
}

function Definitions({ title, of }: { readonly title: string; readonly of: Readonly<Record<string, string>> }) {
  return (
    <details>
      <summary>{title}</summary>
      <dl>
        {Object.entries(of).map(([name, says]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{says}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
