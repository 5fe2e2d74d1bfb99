import { sketchHistory } from "@depid/replay/testing";
import { writeHistory } from "@depid/task-graph/fs";
import { basehashOf, sketchTask } from "@depid/task-graph/testing";
import { describe, expect, it } from "vitest";
import { NO_BROWSER, openPage } from "./browser.ts";
import { makeReport, temporary } from "./reports.ts";

const MARKUP = `<img src=x onerror=window.hurt=1></script><script>window.hurt=2</script><!--`;
const HUGE = "x".repeat(20_000);
const NAME = `${MARKUP}:do_x`;

describe.skipIf(NO_BROWSER !== undefined)("names that would do harm", () => {
  it("are shown as text, and do nothing", async () => {
    const tid = `${MARKUP.replaceAll(":", ";")}.bb:do_x`;
    const task = (basehash: string) => ({
      ...sketchTask("a:do_x", { setscene: true, basehash: basehashOf(basehash) }),
      tid: tid as never,
      pn: MARKUP,
      stamp: MARKUP,
    });
    const huge = { ...sketchTask("b:do_y"), pn: HUGE };
    const { header, steps } = sketchHistory([task("one"), huge], { upsert: [task("two")] });
    const named = steps.map((it) => ({ ...it, commits: [{ id: MARKUP, title: `${MARKUP} ${HUGE}` }] }));
    const file = temporary("hostile.history.jsonl");
    await writeHistory(file, { header, steps: named });
    const { url } = await makeReport("hostile", file, "--policy", "basichash,equivhash");
    const { page, problems, requests } = await openPage(`${url}#view=tasks&task=${encodeURIComponent(NAME)}`);
    await page.locator(".inputs").waitFor();
    expect(await page.innerText(".task-name")).toBe(NAME);
    expect(await page.innerText(".stepper")).toContain(MARKUP);
    expect(await page.locator("img").count()).toBe(0);
    expect(await page.evaluate(() => "hurt" in window)).toBe(false);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
    expect([problems, requests]).toEqual([[], [url]]);
  });
});
