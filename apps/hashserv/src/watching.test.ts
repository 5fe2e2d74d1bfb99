import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseDepId, sha256Hex } from "@depid/hash";
import { createMemoryStorage, startServer } from "@depid/hashserv";
import { openClient } from "@depid/hashserv-client";
import { beforeAll, describe, expect, it } from "vitest";
import { Metrics } from "./metrics.ts";

/** What a server tells, under all that the dashboard and the alerts ask about: an upstream, writing behind, a stream. */
async function scrape(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "hashserv-watching-"));
  const upstream = await startServer({ bind: "127.0.0.1:0", storage: createMemoryStorage() });
  const metrics = new Metrics();
  const server = await startServer({
    bind: "127.0.0.1:0",
    database: join(folder, "x.db"),
    writeBehind: true,
    upstream: upstream.address,
    observer: metrics.observer,
  });
  metrics.watch(server);
  const client = await openClient(server.address);
  await client.report({ method: "m", taskhash: "t", outhash: "o", depid: parseDepId(sha256Hex("t")) });
  await client.getDepIds([{ method: "m", taskhash: "t" }]);
  const text = await metrics.text();
  await client.close();
  await server.close();
  await upstream.close();
  await rm(folder, { recursive: true });
  return text;
}

/** A metric as an expression names it, with the labels it asks for that have one value. */
interface Named {
  readonly name: string;
  readonly labels: readonly (readonly [name: string, value: string])[];
}

/** Labels that Prometheus adds itself. */
const OF_PROMETHEUS = new Set(["job", "instance"]);

/** The metrics in an expression of PromQL: what is neither a function, nor a keyword, nor within braces or brackets. */
function findMetrics(expr: string): readonly Named[] {
  const plain = expr.replace(/\[[^\]]*\]/g, "").replace(/\b(by|without)\s*\([^)]*\)/g, "");
  return [...plain.matchAll(/([a-z_:][\w:]*)\s*(\{[^}]*\}|\()?/gi)]
    .filter(([, name = "", behind]) => behind !== "(" && !/^(label_values|e\d+)$/.test(name) && !isWithin(plain, name))
    .map(([, name = "", braces = ""]) => ({
      name,
      labels: [...braces.matchAll(/(\w+)="([^"]*)"/g)]
        .map(([, label = "", value = ""]) => [label, value] as const)
        .filter(([label]) => !OF_PROMETHEUS.has(label)),
    }));
}

/** Whether a word is only ever part of a selector, or of a number such as 5e8. */
function isWithin(expr: string, word: string): boolean {
  return !expr.replace(/\{[^}]*\}/g, "{}").match(new RegExp(`(^|[^\\w.])${word}\\b`));
}

/** Of the metrics in an expression those that a server does not have. */
function findUnknown(expr: string, scraped: string): readonly string[] {
  return findMetrics(expr)
    .filter(({ name, labels }) => {
      const series = scraped.split("\n").filter((line) => new RegExp(`^${name}[{ ]`).test(line));
      return !series.some((line) => labels.every(([label, value]) => line.includes(`${label}="${value}"`)));
    })
    .map(({ name }) => name);
}

const DEPLOY = new URL("../../../docs/deploy/", import.meta.url);

async function readDashboard(): Promise<readonly string[]> {
  const { panels, templating } = JSON.parse(await readFile(new URL("grafana-dashboard.json", DEPLOY), "utf8")) as {
    readonly panels: readonly { readonly targets: readonly { readonly expr: string }[] }[];
    readonly templating: { readonly list: readonly { readonly type: string; readonly query: unknown }[] };
  };
  const asked = templating.list.flatMap(({ type, query }) => (type === "query" ? [JSON.stringify(query)] : []));
  const variables = asked.map((text) => /label_values\((\w+)/.exec(text)?.[1] ?? text);
  return [...panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)), ...variables];
}

async function readAlerts(): Promise<readonly string[]> {
  const text = await readFile(new URL("prometheus-rules.yml", DEPLOY), "utf8");
  return [...text.matchAll(/^ +expr: (.+)$/gm)].map(([, expr = ""]) => expr);
}

describe("what watches a server", () => {
  let scraped: string;
  beforeAll(async () => {
    scraped = await scrape();
  });

  it.each([
    { file: "grafana-dashboard.json", read: readDashboard, least: 15 },
    { file: "prometheus-rules.yml", read: readAlerts, least: 9 },
  ])("asks for metrics that a running server has: $file", async ({ read, least }) => {
    const exprs = await read();
    expect(exprs.length).toBeGreaterThanOrEqual(least);
    // That a server is there is told by Prometheus.
    const own = exprs.filter((expr) => !expr.startsWith("up{"));
    expect(own.flatMap((expr) => findUnknown(expr, scraped))).toEqual([]);
    for (const expr of own) expect(findMetrics(expr), expr).not.toEqual([]);
  });

  it("shows every metric of ours in the dashboard", async () => {
    const ours = [...scraped.matchAll(/^# TYPE (depid_\w+) /gm)].map(([, name = ""]) => name);
    const shown = (await readDashboard()).join("\n");
    expect(ours.length).toBeGreaterThan(6);
    expect(ours.filter((name) => !shown.includes(name))).toEqual([]);
  });

  it.each([
    ["a name there is none of", 'rate(depid_hashserv_reqests_total{job="x"}[5m])', "depid_hashserv_reqests_total"],
    [
      "a value of a label there is none of",
      'depid_hashserv_database_bytes{file="log"} > 5e8',
      "depid_hashserv_database_bytes",
    ],
    ["a request nobody makes", 'depid_hashserv_requests_total{request="get-streams"}', "depid_hashserv_requests_total"],
  ])("would be found out if it asked for %s", (_what, expr, name) => {
    expect(findUnknown(expr, scraped)).toEqual([name]);
  });
});
