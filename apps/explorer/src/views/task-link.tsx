import { usePage } from "./context.ts";

/** A task's name, which leads to it. */
export function TaskLink({ name }: { readonly name: string }) {
  const { dispatch } = usePage();
  return (
    <button type="button" class="link" onClick={() => dispatch({ type: "inspect", task: name })}>
      {name}
    </button>
  );
}
