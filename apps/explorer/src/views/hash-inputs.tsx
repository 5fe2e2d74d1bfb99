import { type DepId, depIdOf, isNostampTaint, NOSTAMP_TAINT, type Tid, taskName } from "@depid/hash";
import type { RunTask } from "@depid/run-document";
import { inputOf, type Signature } from "@depid/siggen";
import { formatObjectName, formatStampName, parseHashFn } from "@depid/sstate";
import { type ExplainedBuild, taskBefore } from "../model/explanation.ts";
import { shortHash } from "../model/figures.ts";
import { TaskLink } from "./task-link.tsx";

interface HashInputsProps {
  readonly explained: ExplainedBuild;
  readonly task: RunTask;
  readonly policy: string;
}

/** The exact inputs of a taskhash, those that are other than before marked; and what is named by the hashes. */
export function HashInputs({ explained, task, policy }: HashInputsProps) {
  const signature = explained.hashes.of(task.tid);
  if (signature === undefined) return null;
  const before = taskBefore(explained, task.name);
  const input = inputOf(signature);
  const old = new Map(before?.hashdeps.map((tid, at) => [tid, before.hashedDepids[at]]));
  const oldFiles = new Map(before?.files);
  const isOther = (a: unknown, b: unknown) => before !== undefined && a !== b;
  const { graph } = explained.hashes;
  return (
    <section aria-label="hashes and what they are made of">
      <h3>Hashes when the build began</h3>
      <dl class="hashes">
        <dt>taskhash</dt>
        <dd>
          <code class={isOther(signature.taskhash, before?.taskhash) ? "other" : ""}>{signature.taskhash}</code>
        </dd>
        <dt>depid</dt>
        <dd>
          <code class={isOther(signature.depid, before?.depid) ? "other" : ""}>{signature.depid}</code>
          <p class="note">{sayDepId(signature)}</p>
        </dd>
      </dl>
      <h3>
        What the taskhash is made of, in this order
        {before === undefined ? null : (
          <span class="note">
            {" "}
            (<span class="other">other than before</span>)
          </span>
        )}
      </h3>
      <table class="inputs">
        <tbody>
          <tr>
            <th scope="row">basehash</th>
            <td>
              <code class={isOther(input.basehash, before?.basehash) ? "other" : ""}>{shortHash(input.basehash)}…</code>{" "}
              of variables and functions
            </td>
          </tr>
          {input.hashdeps.map((tid, at) => {
            const depid = input.depids[at] as DepId;
            const its = explained.hashes.of(tid);
            return (
              <tr key={tid}>
                <th scope="row">
                  <TaskLink name={nameOf(graph.find(tid), tid)} />
                </th>
                <td>
                  <code class={isOther(depid, old.get(tid)) ? "other" : ""} title={depid}>
                    {shortHash(depid)}…
                  </code>{" "}
                  {its !== undefined && depid !== depIdOf(its.taskhash)
                    ? `its depid, not its taskhash ${shortHash(its.taskhash)}…`
                    : ""}
                </td>
              </tr>
            );
          })}
          {input.files.map(([name, checksum], at) => (
            <tr key={at}>
              <th scope="row">
                <code>{name}</code>
              </th>
              <td>
                {checksum === null ? (
                  "missing: not hashed"
                ) : (
                  <code class={isOther(checksum, oldFiles.get(name)) ? "other" : ""}>{shortHash(checksum)}…</code>
                )}
              </td>
            </tr>
          ))}
          {input.taint === undefined ? null : (
            <tr>
              <th scope="row">taint</th>
              <td>
                <code class={isOther(input.taint, before?.taint) ? "other" : ""}>
                  {isNostampTaint(input.taint)
                    ? `${input.taint.slice(NOSTAMP_TAINT.length)}, another one in each build (nostamp)`
                    : input.taint}
                </code>
              </td>
            </tr>
          )}
        </tbody>
      </table>
      <NamedBy signature={signature} policy={policy} />
    </section>
  );
}

function sayDepId({ taskhash, depid, askable }: Signature): string {
  if (depid !== depIdOf(taskhash))
    return "Not the taskhash: an equal output was reported before, under the taskhash that this depid is.";
  return askable
    ? "The taskhash itself: no equal output of another taskhash was known."
    : "The taskhash itself: only tasks that can be restored are asked for.";
}

/** Stamps and objects are named by depid; by the taskhash where nobody gives another depid, which is the same. */
function NamedBy({ signature, policy }: { readonly signature: Signature; readonly policy: string }) {
  const { task, taskhash, depid } = signature;
  const stamped = { stamp: task.stamp, task: task.task, extraInfo: task.stampExtra };
  const carries = policy === "basic" ? "none" : "depid";
  return (
    <>
      <h3>Names</h3>
      <dl class="hashes">
        <dt>stamp</dt>
        <dd>
          <code>{formatStampName(stamped, carries, { taskhash, depid })}</code>
        </dd>
        <dt>sstate object</dt>
        <dd>
          {!task.setscene ? (
            "none: it cannot be restored"
          ) : task.hashfn === "" ? (
            "not known: BB_HASHFILENAME is not in the history"
          ) : (
            <code>
              {formatObjectName({
                hashFn: parseHashFn(task.hashfn),
                task: task.task,
                depid,
                nativeLsbString: "universal",
              })}
            </code>
          )}
        </dd>
      </dl>
    </>
  );
}

function nameOf(row: Parameters<typeof taskName>[0] | undefined, tid: Tid): string {
  return row === undefined ? tid : taskName(row);
}
