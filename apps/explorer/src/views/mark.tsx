import { KIND_WORDS, KINDS, type Kind } from "../model/kind.ts";

/** Patterns of the marks, once in the page: nothing is told by colour alone. */
export function Patterns() {
  return (
    <svg class="patterns" aria-hidden="true" focusable="false">
      <title>patterns</title>
      <defs>
        <pattern id="p-needless" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect class="k-needless" width="6" height="6" />
          <rect class="stroke-dark" width="1.6" height="6" />
        </pattern>
        <pattern id="p-timing" width="6" height="6" patternUnits="userSpaceOnUse">
          <rect class="k-timing" width="6" height="6" />
          <path class="line-dark" d="M0 3H6M3 0V6" />
        </pattern>
        <pattern id="p-restored" width="5" height="5" patternUnits="userSpaceOnUse">
          <rect class="k-restored" width="5" height="5" />
          <circle class="fill-light" cx="2.5" cy="2.5" r="1.1" />
        </pattern>
      </defs>
    </svg>
  );
}

/** How a kind is filled: a class, or a pattern where it has one. */
export function fillOf(kind: Kind): { readonly class: string } | { readonly fill: string } {
  return kind === "needless" || kind === "timing" || kind === "restored"
    ? { fill: `url(#p-${kind})` }
    : { class: `k-${kind}` };
}

/** The mark of a kind. It says nothing to a screen reader: the word stands beside it. */
export function Mark({ kind, size = 14 }: { readonly kind: Kind; readonly size?: number }) {
  return (
    <svg class="mark" width={size} height={size} viewBox="0 0 14 14" aria-hidden="true" focusable="false">
      <title>{KIND_WORDS[kind].name}</title>
      <rect x="1" y="1" width="12" height="12" rx="2" {...fillOf(kind)} />
      <rect class="mark-edge" x="1" y="1" width="12" height="12" rx="2" />
      {kind === "stale" ? <path class="mark-cross" d="M4 4L10 10M10 4L4 10" /> : null}
    </svg>
  );
}

export function Legend({ kinds = KINDS }: { readonly kinds?: readonly Kind[] }) {
  return (
    <ul class="legend" aria-label="what the colours and marks mean">
      {kinds.map((kind) => (
        <li key={kind} title={KIND_WORDS[kind].says}>
          <Mark kind={kind} /> {KIND_WORDS[kind].name}
        </li>
      ))}
    </ul>
  );
}
