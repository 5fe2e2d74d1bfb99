import type { Run } from "@depid/run-document";
import { useEffect, useLayoutEffect, useMemo, useReducer, useRef } from "preact/hooks";
import { Explanations } from "../model/explanation.ts";
import { bestOf } from "../model/headline.ts";
import { costliestStep, timeUnitOf } from "../model/work.ts";
import { hashOf, selectionOf } from "../state/address.ts";
import { actionOf } from "../state/keys.ts";
import { choicesOf } from "../state/run-choices.ts";
import { type Action, beginWith, reduce, type Selection } from "../state/state.ts";
import { PageContext } from "./context.ts";
import { Help } from "./help.tsx";
import { Inspector } from "./inspector.tsx";
import { Patterns } from "./mark.tsx";
import { Overview } from "./overview.tsx";
import { TaskList } from "./task-list.tsx";
import { turnTheme } from "./theme.ts";
import { TopBar } from "./top-bar.tsx";

/** The page of one run. */
export function App({ run }: { readonly run: Run }) {
  const choices = useMemo(() => choicesOf(run), [run]);
  const time = useMemo(() => timeUnitOf(run.replay), [run]);
  const explanations = useMemo(() => new Explanations(run), [run]);
  const first = useMemo(() => {
    const best = bestOf(run.replay) ?? run.replay.policies[0];
    return { ...beginWith(choices, best?.name ?? "", costliestStep(best)), scope: "all" as const };
  }, [run, choices]);
  const [selection, dispatch] = useReducer(
    (before: Selection, action: Action) => reduce(before, action, choices),
    first,
    (it) => selectionOf(location.hash, it, choices),
  );
  const help = useRef<HTMLDialogElement>(null);

  // With the view, not after it: written later, it would take the place of an address that somebody has gone to since.
  useLayoutEffect(() => {
    const hash = hashOf(selection, first);
    if (hash !== location.hash)
      history.replaceState(null, "", hash === "" ? location.pathname + location.search : hash);
  }, [selection, first]);

  useEffect(() => {
    const onAddress = () => dispatch({ type: "choose", part: selectionOf(location.hash, first, choices) });
    addEventListener("hashchange", onAddress);
    return () => removeEventListener("hashchange", onAddress);
  }, [first, choices]);

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isField(event.target) || help.current?.open === true)
        return;
      if (event.key === "?") return help.current?.showModal();
      if (event.key === "/") {
        event.preventDefault();
        return document.getElementById("search")?.focus();
      }
      const action = actionOf(event.key, selection);
      if (action !== undefined) dispatch(action);
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [selection]);

  return (
    <PageContext.Provider value={{ run, choices, time, explanations, selection, dispatch }}>
      <Patterns />
      <TopBar onHelp={() => help.current?.showModal()} onTheme={turnTheme} />
      <div class={selection.task === "" ? "rooms" : "rooms with-task"}>
        <main id="canvas" tabIndex={-1}>
          {selection.view === "tasks" ? <TaskList /> : <Overview />}
        </main>
        {selection.task === "" ? null : (
          <aside aria-label="inspector" class="inspector">
            <Inspector />
          </aside>
        )}
      </div>
      <Help dialog={help} />
    </PageContext.Provider>
  );
}

/** Whether keys belong to what has the focus: what is typed, and what arrows move. */
function isField(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && /^(?:INPUT|SELECT|TEXTAREA)$/.test(target.tagName);
}
