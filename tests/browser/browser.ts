import { existsSync } from "node:fs";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { afterAll } from "vitest";

/** Where a Chromium may be: Debian's, or one that DEPID_CHROMIUM names. */
const PLACES = [process.env.DEPID_CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

const executable = PLACES.find((it) => it !== undefined && existsSync(it));

/** Why the tests are skipped; `undefined`: they are not. */
export const NO_BROWSER =
  executable === undefined ? "no chromium here: install one, or name it by DEPID_CHROMIUM" : undefined;

/** As root there is no sandbox; what Chromium asks of its maker on its own would fail, and be seen as requests of the page. */
const FLAGS = [
  ...["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
  ...["--disable-background-networking", "--disable-component-update", "--disable-sync"],
];

/** A page that is watched: what it asks for, and what goes wrong in it. */
export interface WatchedPage {
  readonly page: Page;
  /** Addresses of all requests. */
  readonly requests: readonly string[];
  /** Errors and warnings of the console, and errors that nobody caught. */
  readonly problems: readonly string[];
}

let browser: Promise<Browser> | undefined;
afterAll(async () => {
  await (await browser)?.close();
  browser = undefined;
});

/** Opens an address in a context of its own. */
export async function openPage(url: string, options: BrowserContextOptions = {}): Promise<WatchedPage> {
  browser ??= chromium.launch({ ...(executable === undefined ? {} : { executablePath: executable }), args: FLAGS });
  const context = await (await browser).newContext({ reducedMotion: "reduce", ...options });
  const page = await context.newPage();
  // A busy machine is slow, and no time of a test's own says anything about the page.
  page.setDefaultTimeout(0);
  page.setDefaultNavigationTimeout(0);
  const requests: string[] = [];
  const problems: string[] = [];
  page.on("request", (request) => requests.push(request.url()));
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") problems.push(message.text());
  });
  page.on("pageerror", (error) => problems.push(String(error)));
  await page.goto(url);
  return { page, requests, problems };
}
