import type { RefObject } from "preact";
import { KEY_HELP } from "../state/keys.ts";
import { Legend } from "./mark.tsx";

/** Keys, and the legend of all marks. */
export function Help({ dialog }: { readonly dialog: RefObject<HTMLDialogElement> }) {
  return (
    <dialog ref={dialog} class="help" aria-label="help">
      <form method="dialog">
        <h2>Keys</h2>
        <dl>
          {KEY_HELP.map(([keys, does]) => (
            <div key={keys}>
              <dt>
                <kbd>{keys}</kbd>
              </dt>
              <dd>{does}</dd>
            </div>
          ))}
        </dl>
        <h2>Marks</h2>
        <Legend />
        <p>What is chosen stands in the address: copy it to show somebody else the same.</p>
        <button type="submit">close</button>
      </form>
    </dialog>
  );
}
