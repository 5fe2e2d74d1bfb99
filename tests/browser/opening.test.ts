import { writeFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { formatPage, readPage } from "@depid/explorer/fs";
import { beforeAll, describe, expect, it } from "vitest";
import { runDepid } from "../../apps/simulator/src/testing/run-depid.ts";
import { NO_BROWSER, openPage } from "./browser.ts";
import { MINI_REPLAY, temporary } from "./reports.ts";

const EMPTY = temporary("empty.html");
const RUN = temporary("run.json.gz");

beforeAll(async () => {
  if (NO_BROWSER !== undefined) return;
  await writeFile(EMPTY, formatPage(await readPage()));
  const { status } = await runDepid("replay", ...MINI_REPLAY, "--record", RUN);
  expect(status).toBe(0);
});

describe.skipIf(NO_BROWSER !== undefined)("a page without a run", () => {
  const open = async () => (await openPage(pathToFileURL(EMPTY).href)).page;

  it("shows one that is opened in it", async () => {
    const page = await open();
    await page.getByLabel("a run").setInputFiles(RUN);
    await page.locator(".verdict").waitFor();
  });

  it.each([
    ["that is empty", Buffer.from(""), 'x: expected a run (one JSON document, "format": "depid-run/1"), found nothing'],
    ["of another kind", Buffer.from('{"format":"depid-history/1"}\n'), 'x: format: expected "depid-run/1"'],
    ["that is a history, packed", gzipSync('{"format":"depid-history/1"}\n{"step":0}\n'), "x: expected a run"],
    ["whose end is missing", gzipSync("{}").subarray(0, 12), "x: "],
  ])("says in one sentence what is wrong with a file %s", async (_what, buffer, says) => {
    const page = await open();
    await page.getByLabel("a run").setInputFiles({ name: "x", mimeType: "application/json", buffer });
    await page.locator(".problem").waitFor();
    expect(await page.innerText(".problem")).toContain(says);
  });

  it("says so when the run in it is spoilt", async () => {
    const file = temporary("spoilt.html");
    await writeFile(file, formatPage(await readPage(), "{}"));
    const { page } = await openPage(pathToFileURL(file).href);
    await page.locator(".problem").waitFor();
    expect(await page.innerText(".problem")).toMatch(/^The run in this page cannot be read: .*expected "depid-run\/1"/);
  });
});
