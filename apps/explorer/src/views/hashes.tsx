import { type ChangeExplanation, describeChange, diffOf } from "@depid/compare";
import type { RunBuild, RunTask } from "@depid/run-document";
import { useEffect, useState } from "preact/hooks";
import { type ExplainedBuild, whyChanged } from "../model/explanation.ts";
import { formatCount } from "../model/figures.ts";
import { usePage } from "./context.ts";
import { HashInputs } from "./hash-inputs.tsx";
import { TaskLink } from "./task-link.tsx";

interface HashesProps {
  readonly build: RunBuild;
  readonly task: RunTask;
}

/** Why the taskhash is another one, and what it is made of. Computed when it is looked at: of thousands of tasks it takes a moment. */
export function Hashes({ build, task }: HashesProps) {
  const { explanations } = usePage();
  const { policy, step, builder } = build;
  const [found, setFound] = useState<
    { readonly explained: ExplainedBuild | undefined } | { readonly problem: string }
  >();
  useEffect(() => {
    let isWanted = true;
    explanations.of({ policy, step, builder }).then(
      (explained) => isWanted && setFound({ explained }),
      (error: unknown) => isWanted && setFound({ problem: error instanceof Error ? error.message : String(error) }),
    );
    return () => {
      isWanted = false;
    };
  }, [explanations, policy, step, builder]);
  if (found === undefined) return <p role="status">Hashing the tasks of step {step} …</p>;
  if ("problem" in found) return <p class="problem">The hashes cannot be computed: {found.problem}</p>;
  if (found.explained === undefined)
    return (
      <p class="empty">
        {policy} does not hash by BitBake's rule, and what it hashes is not in this file: neither inputs nor hashes can
        be shown.
      </p>
    );
  return (
    <>
      <Why explained={found.explained} name={task.name} />
      <HashInputs explained={found.explained} task={task} policy={policy} />
    </>
  );
}

function Why({ explained, name }: { readonly explained: ExplainedBuild; readonly name: string }) {
  const why = whyChanged(explained, name);
  const before = explained.before?.step;
  return (
    <section aria-label="why its taskhash is another one">
      <h3>Against step {before ?? "—"}</h3>
      {why.how === "first" ? <p>There is no build before to hold it against.</p> : null}
      {why.how === "added" ? <p>The task was not there before.</p> : null}
      {why.how === "same" ? <p>Its taskhash is the same: nothing that it hashes has changed.</p> : null}
      {why.how === "changed" ? (
        <>
          <p>
            Its taskhash is another one
            {why.keptDepId ? ", its depid is the same: what depends on it hashes as before. The wave stops here." : "."}
          </p>
          <Changes explanation={why.explanation} />
        </>
      ) : null}
    </section>
  );
}

const MOST = 8;
const MOST_ROOTS = 3;
/** Lines of a text that changed. */
const DIFF_LINES = 60;

function Changes({ explanation }: { readonly explanation: ChangeExplanation }) {
  const { change, roots, stops } = explanation;
  return (
    <>
      {change.own.length === 0 ? null : (
        <>
          <h4>Its own inputs</h4>
          <ul class="own">
            {change.own.map((it, at) => {
              const { what, name, how } = describeChange(it);
              const diff = diffOf(it, DIFF_LINES)?.lines ?? [];
              return (
                <li key={at}>
                  {what} <code>{name}</code> {how}
                  {diff.length === 0 ? null : <pre class="diff">{diff.join("\n")}</pre>}
                </li>
              );
            })}
          </ul>
        </>
      )}
      <Names title="Through dependencies with another depid" names={change.through.map((it) => it.name)} />
      <Names title="Dependencies that changed and kept their depid: there it stopped" names={change.stopped} />
      {roots.length === 0 ? null : (
        <>
          <h4>Where it came from</h4>
          <ul class="roots">
            {roots.slice(0, MOST_ROOTS).map(({ number, path }) => (
              <li key={number}>
                {path.map((it, at) => (
                  <span key={it}>
                    {at === 0 ? "" : " → "}
                    <TaskLink name={it} />
                  </span>
                ))}
              </li>
            ))}
          </ul>
          {roots.length > MOST_ROOTS ? <p class="note">{formatCount(roots.length - MOST_ROOTS)} more causes.</p> : null}
        </>
      )}
      <Names
        title="Lowest tasks on the way that could have stopped it, with an output as before"
        names={stops.lowestSstate}
      />
    </>
  );
}

function Names({ title, names }: { readonly title: string; readonly names: readonly string[] }) {
  if (names.length === 0) return null;
  return (
    <>
      <h4>{title}</h4>
      <ul class="names">
        {names.slice(0, MOST).map((it) => (
          <li key={it}>
            <TaskLink name={it} />
          </li>
        ))}
      </ul>
      {names.length > MOST ? <p class="note">{formatCount(names.length - MOST)} more.</p> : null}
    </>
  );
}
