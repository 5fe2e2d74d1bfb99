const SUFFIX = "_setscene";

/** What BitBake calls the task that restores: `do_x_setscene`. @param task a task, or whatever ends in one */
export function formatSetscene(task: string): string {
  return `${task}${SUFFIX}`;
}

/** The task, and whether the name is that of the task which restores it; the inverse of `formatSetscene`. */
export function splitSetscene(name: string): { readonly task: string; readonly isSetscene: boolean } {
  const isSetscene = name.length > SUFFIX.length && name.endsWith(SUFFIX);
  return { task: isSetscene ? name.slice(0, -SUFFIX.length) : name, isSetscene };
}
