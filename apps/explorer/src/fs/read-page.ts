import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { deflateRawSync } from "node:zlib";
import { isSystemError } from "@depid/hash";
import { joinPage, type Page } from "../page/format-page.ts";
import { PageError } from "./page-error.ts";

/** Where `vite build` leaves it: beside `src`, whether this file is run from there or from `dist`. */
const BUILT = new URL("../../dist/bundle/", import.meta.url);

/** The page as it was built. @throws {PageError} when it was not */
export async function readPage(): Promise<Page> {
  // The text of a script must not end its element.
  const script = (await readBuilt("explorer.js")).replaceAll(/<(?=\/script|!--)/gi, "\\x3c");
  const style = await readBuilt("style.css");
  return { script, style, scriptHash: hashOf(script), styleHash: hashOf(style) };
}

/** The page as one file. @param run the text of a run (`depid-run/1`); absent: it waits for one that is opened in it */
export function formatPage(page: Page, run?: string): string {
  return joinPage(page, run === undefined ? "" : deflateRawSync(run, { level: 9 }).toString("base64"));
}

async function readBuilt(name: string): Promise<string> {
  const file = fileURLToPath(new URL(name, BUILT));
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    if (!isSystemError(cause)) throw cause;
    throw new PageError("expected the explorer's page, found none: build it first (npm run build)", {
      source: file,
      cause,
    });
  }
}

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("base64");
}
