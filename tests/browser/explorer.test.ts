import axe from "axe-core";
import type { Page } from "playwright-core";
import { beforeAll, describe, expect, it } from "vitest";
import { NO_BROWSER, openPage } from "./browser.ts";
import { MINI_REPLAY, makeReport, type Report } from "./reports.ts";

const title = NO_BROWSER === undefined ? "the explorer" : `the explorer (skipped: ${NO_BROWSER})`;

let report: Report;
beforeAll(async () => {
  if (NO_BROWSER === undefined) report = await makeReport("mini", ...MINI_REPLAY);
});

/** Opens the report with a selection, and waits until it is there. */
async function open(hash = "", options: Parameters<typeof openPage>[1] = {}) {
  const opened = await openPage(`${report.url}${hash}`, options);
  await opened.page.locator(".top-bar").waitFor();
  return opened;
}

const headings = (page: Page) => page.locator("h2").allInnerTexts();

describe.skipIf(NO_BROWSER !== undefined)(title, () => {
  it("shows a report from a file, asks for nothing but that file, and has nothing to complain of", async () => {
    const { page, requests, problems } = await open();
    expect(await headings(page)).toEqual([
      "Verdict",
      "Step by step",
      "Figures",
      "What the words mean, and what this rests on",
      "Keys",
      "Marks",
    ]);
    for (const sentence of report.printed.verdict)
      await expect.poll(() => page.innerText(".verdict")).toContain(sentence);
    expect([requests, problems]).toEqual([[report.url], []]);
  });

  it("shows the figures that the command prints, of sums and of each step", async () => {
    const { page } = await open("#unit=tasks");
    const shown = () =>
      page
        .locator("[data-figure]")
        .evaluateAll((buttons) =>
          buttons.map((it) => [
            (it as HTMLElement).dataset.figure,
            Number((it as HTMLElement).textContent.replaceAll(",", "")),
          ]),
        );
    const printed = (of: (policy: Report["printed"]["policies"][number]) => object) =>
      report.printed.policies.flatMap((it) => Object.entries(of(it)).map(([count, n]) => [`${it.name} ${count}`, n]));
    expect(await shown()).toEqual(printed((it) => it.sum));
    for (const { step } of report.printed.steps) {
      await page.goto(`${report.url}#unit=tasks&scope=step&step=${step}`);
      await page.locator("caption", { hasText: `Step ${step},` }).waitFor();
      expect(await shown()).toEqual(printed((it) => it.steps[step] ?? {}));
    }
  });

  it("leads from each figure to as many tasks", async () => {
    const { page } = await open("#unit=tasks");
    for (const policy of report.printed.policies) {
      for (const [count, tasks] of Object.entries(policy.sum)) {
        await page.goto(`${report.url}#unit=tasks`);
        await page.locator(`[data-figure="${policy.name} ${count}"]`).click();
        const total = page.locator("[data-total]");
        await total.waitFor();
        expect([policy.name, count, Number(await total.getAttribute("data-total"))]).toEqual([
          policy.name,
          count,
          tasks,
        ]);
      }
    }
  });

  it("holds what is chosen in the address, which shows the same to somebody else", async () => {
    const { page } = await open();
    await page.getByLabel("policy").first().selectOption("basichash");
    await page.getByRole("button", { name: ": basichash, executed" }).click();
    await page.locator(".tasks .link").first().click();
    await page.locator(".inspector h3").nth(1).waitFor();
    const address = page.url();
    const name = await page.innerText(".task-name");
    expect(address).toContain("policy=basichash");
    const other = await openPage(address);
    await other.page.locator(".inspector h3").nth(1).waitFor();
    expect(await other.page.innerText("main")).toBe(await page.innerText("main"));
    expect(await other.page.innerText(".task-name")).toBe(name);
  });

  it("is worked with keys alone", async () => {
    const { page } = await open("#step=1");
    const says = () => page.innerText(".stepper b");
    const last = report.printed.steps.length - 1;
    await page.keyboard.press("ArrowRight");
    expect(await says()).toBe(`step 2 of ${last}`);
    await page.keyboard.press("ArrowLeft");
    expect(await says()).toBe(`step 1 of ${last}`);
    await page.keyboard.press("2");
    expect(await headings(page)).toContain("Tasks");
    await page.keyboard.press("/");
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("search");
    const name = (await page.locator(".tasks .link").first().innerText()).trim();
    await page.keyboard.type(name);
    await page.locator(".task-name").waitFor();
    expect(await page.innerText(".task-name")).toBe(name);
    await page.evaluate(() => (document.activeElement as HTMLElement).blur());
    await page.keyboard.press("Escape");
    expect(await page.locator(".task-name").count()).toBe(0);
    await page.keyboard.press("?");
    expect(await page.locator("dialog[open]").count()).toBe(1);
  });

  it.each([
    ["light", { colorScheme: "light", viewport: { width: 1400, height: 900 } }],
    ["dark", { colorScheme: "dark", viewport: { width: 1400, height: 900 } }],
    ["on a phone", { colorScheme: "light", viewport: { width: 380, height: 800 } }],
    ["on a projector", { colorScheme: "dark", viewport: { width: 1920, height: 1080 } }],
  ] as const)("has nothing that axe finds, and nothing beside the page, %s", async (_how, options) => {
    const views = ["", "#view=tasks&count=executed&scope=all"];
    const { page } = await open("", options);
    for (const view of views) {
      await page.goto(`${report.url}${view}`);
      if (view !== "") {
        await page.locator(".tasks .link").first().click();
        await page.locator(".inputs").waitFor();
      }
      expect(await findBarriers(page)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
    }
  });

  it("runs no script but its own, and reaches nobody", async () => {
    const { page } = await open();
    const refused = await page.evaluate(async () => {
      const blocked: string[] = [];
      const all = new Promise<void>((resolve) => {
        document.addEventListener("securitypolicyviolation", (event) => {
          if (!blocked.includes(event.effectiveDirective)) blocked.push(event.effectiveDirective);
          if (blocked.length === 3) resolve();
        });
      });
      const script = document.createElement("script");
      script.textContent = "window.ran = true";
      document.body.append(script);
      const image = document.createElement("img");
      image.src = "http://127.0.0.1:9/x.png";
      document.body.append(image);
      const reached = await fetch("http://127.0.0.1:9/").then(
        () => true,
        () => false,
      );
      await all;
      return { blocked: blocked.sort(), reached, ran: "ran" in window };
    });
    expect(refused).toEqual({ blocked: ["connect-src", "img-src", "script-src-elem"], reached: false, ran: false });
  });
});

/** What axe-core finds against WCAG 2.2 AA and its own advice, a line each. */
async function findBarriers(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  const found = await page.evaluate(() => (globalThis as unknown as { axe: typeof axe }).axe.run());
  return found.violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}
