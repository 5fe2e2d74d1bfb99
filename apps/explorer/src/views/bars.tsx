import { scaleBand, scaleLinear } from "d3-scale";
import { stack } from "d3-shape";
import { formatCount } from "../model/figures.ts";
import { totalOf, WORK_PARTS, type Work, workOf } from "../model/work.ts";
import { usePage } from "./context.ts";
import { fillOf } from "./mark.tsx";
import { useWidth } from "./use-width.ts";

const HEIGHT = 84;
/** Room for the scale. */
const LEFT = 34;

/** Bars of all policies below each other, with one scale: each step's work, stacked. The first step, which fills the caches, is left out of the scale. */
export function Bars() {
  const { run, selection, time } = usePage();
  const all = run.replay.policies.map((policy) => ({ policy, work: workOf(policy, selection.unit, time.length) }));
  const most = Math.max(0, ...all.flatMap(({ work }) => work.slice(1).map(totalOf)));
  return (
    <div class="bars">
      {all.map(({ policy, work }) => (
        <PolicyBars key={policy.name} name={policy.name} work={work} most={most} />
      ))}
      <p class="note">
        Bars of steps 1 to {run.replay.steps.length - 1}, one scale for all. The first step fills the caches, and would
        dwarf the rest.
      </p>
    </div>
  );
}

interface PolicyBarsProps {
  readonly name: string;
  readonly work: readonly Work[];
  readonly most: number;
}

function PolicyBars({ name, work, most }: PolicyBarsProps) {
  const { selection, dispatch, run, time } = usePage();
  const unit = selection.unit === "time" ? time.name : "tasks";
  const shown = work.slice(1).map((it, at) => ({ ...it, step: at + 1 }));
  const { ref, width } = useWidth<SVGSVGElement>(900);
  const x = scaleBand<number>()
    .domain(shown.map((it) => it.step))
    .range([LEFT, width])
    .padding(0.18);
  const y = scaleLinear()
    .domain([0, most || 1])
    .nice(3)
    .range([HEIGHT - 2, 10]);
  const layers = stack<(typeof shown)[number], (typeof WORK_PARTS)[number]>().keys(WORK_PARTS)(shown);
  const ticks = y.ticks(3);
  const total = shown.reduce((sum, it) => sum + totalOf(it), 0);
  const chosen = selection.policy === name;
  return (
    <figure class={chosen ? "policy-bars chosen" : "policy-bars"}>
      <figcaption>
        <button
          type="button"
          class="link"
          aria-pressed={chosen}
          onClick={() => dispatch({ type: "choose", part: { policy: name } })}
        >
          {name}
        </button>
        <span>
          {unit === "tasks" ? formatCount(total) : time.format(total * time.length)} {unit}
        </span>
      </figcaption>
      <svg
        ref={ref}
        height={HEIGHT}
        role="img"
        aria-label={`${name}: ${unit} of work in each step; the table below has the sums`}
      >
        <title>{`${name}: ${unit} of work in each step`}</title>
        {ticks.map((tick) => (
          <g key={tick}>
            <line class="grid" x1={LEFT} x2={width} y1={y(tick)} y2={y(tick)} />
            <text class="tick" x={LEFT - 6} y={y(tick)} dy="0.32em" text-anchor="end">
              {tick}
            </text>
          </g>
        ))}
        {layers.map((layer) => (
          <g key={layer.key} {...fillOf(layer.key)}>
            {layer.map(([from, to], at) =>
              to > from ? (
                <rect
                  key={shown[at]?.step}
                  class="bar"
                  x={x(shown[at]?.step ?? 0)}
                  width={x.bandwidth()}
                  y={y(to)}
                  height={y(from) - y(to)}
                />
              ) : null,
            )}
          </g>
        ))}
        {shown.map(({ step, stale }) =>
          stale > 0 ? (
            <path
              key={step}
              class="stale-cross"
              transform={`translate(${(x(step) ?? 0) + x.bandwidth() / 2} 5)`}
              d="M-4-4L4 4M4-4L-4 4"
            >
              <title>{`step ${step}: ${formatCount(stale)} stale`}</title>
            </path>
          ) : null,
        )}
        {shown.map(({ step, ...it }) => (
          // biome-ignore lint/a11y/noStaticElementInteractions: the same is done by the keys and by the stepper above
          <rect
            key={step}
            class={step === selection.step ? "hit chosen" : "hit"}
            x={(x(step) ?? 0) - (x.step() - x.bandwidth()) / 2}
            width={x.step()}
            y={0}
            height={HEIGHT}
            onClick={() => dispatch({ type: "choose", part: { step, policy: name, scope: "step" } })}
          >
            <title>{`step ${step}, ${run.replay.steps[step]?.commits.at(-1)?.title ?? ""}: ${totalOf({ ...it }).toLocaleString("en-US", { maximumFractionDigits: 1 })} ${unit}`}</title>
          </rect>
        ))}
      </svg>
    </figure>
  );
}
