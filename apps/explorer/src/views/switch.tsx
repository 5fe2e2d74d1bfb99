interface SwitchProps<T extends string> {
  readonly label: string;
  readonly options: readonly T[];
  /** What an option is called, if not by its name. */
  readonly names?: Readonly<Partial<Record<T, string>>>;
  readonly value: T;
  readonly onChoose: (value: T) => void;
}

/** A choice of a few, all of which are seen. */
export function Switch<T extends string>({ label, options, names, value, onChoose }: SwitchProps<T>) {
  return (
    <fieldset class="switch">
      <legend class="hidden">{label}</legend>
      {options.map((it) => (
        <button key={it} type="button" aria-pressed={it === value} onClick={() => onChoose(it)}>
          {names?.[it] ?? it}
        </button>
      ))}
    </fieldset>
  );
}
