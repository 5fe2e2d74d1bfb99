import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { MAX_LINE_BYTES, readTextFile, readTextLines } from "./text-lines.ts";

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "depid-lines-"));
  file = join(folder, "text");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe("the lines of a text file", () => {
  const text = "one\r\n\nthree é😀\nlast";
  const lines = ["one", "", "three é😀", "last"];

  it.each([
    ["plain", Buffer.from(text)],
    ["gzip", gzipSync(text)],
    ["UTF-16", Buffer.from(`\ufeff${text}`, "utf16le")],
    ["UTF-16 without a mark", Buffer.from(text, "utf16le")],
    ["UTF-16 with the high byte first", Buffer.from(`\ufeff${text}`, "utf16le").swap16()],
    ["UTF-16 with the high byte first, without a mark", Buffer.from(text, "utf16le").swap16()],
    ["gzip of UTF-16", gzipSync(Buffer.from(`\ufeff${text}`, "utf16le"))],
  ])("%s, come without their ends", async (_what, bytes) => {
    await writeFile(file, bytes);
    expect(await readTextFile(file)).toEqual(lines);
  });

  it("go on over the pieces in which a large file is read", async () => {
    const long = Array.from({ length: 30_000 }, (_, i) => `line é ${i}`);
    await writeFile(file, `${long.join("\n")}\n`);
    expect(await readTextFile(file)).toEqual(long);
  });

  it.each([
    ["a NUL", Buffer.from("a\nb\0c\n"), /:2: expected text, found a NUL byte$/],
    ["bytes that are no UTF-8", Buffer.from([0x61, 10, 0xff, 10]), /:2: expected UTF-8 text, found other bytes$/],
    ["no end of a line", Buffer.alloc(MAX_LINE_BYTES + 1, "x"), /:1: more than \d+ bytes without a line end/],
    ["a line of gzip without end", gzipSync(Buffer.alloc(MAX_LINE_BYTES * 2)), /:1: more than \d+ bytes without a/],
    ["gzip data that are cut", gzipSync(text).subarray(0, 30), /: cannot be read: the gzip data end too early/],
  ])("with %s are refused in one line", async (_what, bytes, message) => {
    await writeFile(file, bytes);
    await expect(readTextFile(file)).rejects.toThrow(message);
  });

  it("of a log may hold other bytes", async () => {
    await writeFile(file, Buffer.from([0x61, 0xff, 0x00, 10]));
    const found: string[] = [];
    await readTextLines(file, (line) => found.push(line), { otherBytes: "replaced" });
    expect(found).toEqual(["a\ufffd\0"]);
  });

  it("of a file that is not there, or is a directory, are refused", async () => {
    await expect(readTextFile(file)).rejects.toThrow(`${file}: cannot be read: no such file or directory`);
    await expect(readTextFile(folder)).rejects.toThrow(`${folder}: cannot be read: expected a file, found a directory`);
  });
});
