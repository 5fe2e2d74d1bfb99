import { useMemo, useState } from "preact/hooks";
import { searchTasks } from "../model/listed-tasks.ts";
import { VIEWS } from "../state/state.ts";
import { usePage } from "./context.ts";

interface TopBarProps {
  readonly onHelp: () => void;
  readonly onTheme: () => void;
}

/** What is chosen: view, policy, builder, step, task. */
export function TopBar({ onHelp, onTheme }: TopBarProps) {
  const { selection, choices, dispatch } = usePage();
  return (
    <header class="top-bar">
      <h1>
        depid <span class="note">explorer</span>
      </h1>
      <nav aria-label="views">
        {VIEWS.map((view) => (
          <button
            key={view}
            type="button"
            aria-current={view === selection.view ? "page" : undefined}
            onClick={() => dispatch({ type: "choose", part: { view } })}
          >
            {view}
          </button>
        ))}
      </nav>
      <Choice of="policy" among={choices.policies} />
      {choices.builders.length < 2 ? null : <Choice of="builder" among={choices.builders} />}
      <Search />
      <div class="tools">
        <button type="button" onClick={onTheme} aria-label="light or dark">
          ◐
        </button>
        <button type="button" onClick={onHelp} aria-label="help">
          ?
        </button>
      </div>
      <Stepper />
    </header>
  );
}

function Stepper() {
  const { run, selection, choices, dispatch } = usePage();
  const { step } = selection;
  const { id, commits, date, changed, added } = run.replay.steps[step] ?? {
    id: "",
    commits: [],
    date: "",
    changed: 0,
    added: 0,
  };
  const title = commits.at(-1)?.title ?? "";
  return (
    <div class="stepper">
      <button
        type="button"
        aria-label="a step back"
        disabled={step === 0}
        onClick={() => dispatch({ type: "step", by: -1 })}
      >
        ◂
      </button>
      <input
        type="range"
        min={0}
        max={choices.steps - 1}
        value={step}
        aria-label="step"
        aria-valuetext={`step ${step} of ${choices.steps - 1}: ${title}`}
        onInput={(event) =>
          dispatch({ type: "choose", part: { step: event.currentTarget.valueAsNumber, scope: "step" } })
        }
      />
      <button
        type="button"
        aria-label="a step on"
        disabled={step === choices.steps - 1}
        onClick={() => dispatch({ type: "step", by: 1 })}
      >
        ▸
      </button>
      <p>
        <b>
          step {step} of {choices.steps - 1}
        </b>{" "}
        <code>{id.slice(0, 10)}</code> {title}
        <span class="note">
          {" "}
          {date.slice(0, 10)}, {commits.length === 1 ? "1 commit" : `${commits.length} commits`}, {changed} tasks
          changed, {added} new
        </span>
      </p>
    </div>
  );
}

const SUGGESTED = 20;

function Search() {
  const { run, selection, dispatch } = usePage();
  const [text, setText] = useState("");
  const found = useMemo(() => (text.length < 2 ? [] : searchTasks(run.tasks, text).slice(0, SUGGESTED)), [run, text]);
  const go = (name: string) => {
    const isTask = run.tasks.some((it) => it.name === name);
    if (isTask) dispatch({ type: "inspect", task: name });
    else dispatch({ type: "choose", part: { view: "tasks", search: name, count: "", scope: selection.scope } });
  };
  return (
    <search>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (text !== "") go(text);
        }}
      >
        <input
          id="search"
          type="search"
          list="found"
          placeholder="find a task ( / )"
          aria-label="find a task"
          autocomplete="off"
          value={text}
          onInput={(event) => {
            const { value } = event.currentTarget;
            setText(value);
            if (run.tasks.some((it) => it.name === value)) go(value);
          }}
        />
        <datalist id="found">
          {[...new Set(found.map((it) => it.name))].map((it) => (
            <option key={it} value={it} />
          ))}
        </datalist>
      </form>
    </search>
  );
}

function Choice({ of, among }: { readonly of: "policy" | "builder"; readonly among: readonly string[] }) {
  const { selection, dispatch } = usePage();
  return (
    <label>
      {of}{" "}
      <select
        value={selection[of]}
        onChange={(event) => dispatch({ type: "choose", part: { [of]: event.currentTarget.value } })}
      >
        {among.map((it) => (
          <option key={it}>{it}</option>
        ))}
      </select>
    </label>
  );
}
