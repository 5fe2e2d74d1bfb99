import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { StorageError } from "../../errors.ts";
import { DURABILITIES } from "../storage.ts";
import { ReportJournal } from "./journal.ts";

let folder: string;
let database: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "hashserv-journal-"));
  database = join(folder, "h.db");
});
afterEach(() => rm(folder, { recursive: true }));

/** Adds texts, and is gone without a word, as one that was killed. */
function abandon(...texts: string[]): void {
  const journal = new ReportJournal(database, "normal");
  for (const text of texts) journal.append(text);
  journal.close();
}

/** What the next one finds. */
function readLeft(): readonly string[] {
  const journal = new ReportJournal(database, "normal");
  try {
    return journal.readLeft().flatMap(({ texts }) => texts);
  } finally {
    journal.close();
  }
}

describe("a journal", () => {
  it.each(DURABILITIES)("has what was added, in that order, whoever opens it next (%s)", (durability) => {
    const texts = ["one", "", "zwölf ☃ \u0000", "x".repeat(100_000)];
    const journal = new ReportJournal(database, durability);
    for (const text of texts) journal.append(text);
    journal.close();
    expect(readLeft()).toEqual(texts);
    expect(readLeft()).toEqual(texts);
    abandon("more");
    expect(readLeft()).toEqual([...texts, "more"]);
  });

  it("leaves no file when nothing is left in it", async () => {
    const journal = new ReportJournal(database, "normal");
    journal.append("one");
    expect(ReportJournal.exists(database)).toBe(true);
    const first = journal.endSegment() as number;
    journal.append("two");
    expect(journal.endSegment()).toBe(first + 1);
    expect(journal.endSegment()).toBeUndefined();
    journal.drop(first + 1);
    journal.drop(first);
    journal.close();
    expect(await readdir(folder)).toEqual([]);
    expect(ReportJournal.exists(database)).toBe(false);
  });

  it("forgets what was left when told, and nothing that came since", () => {
    abandon("old");
    const journal = new ReportJournal(database, "normal");
    journal.append("new");
    expect(journal.readLeft()).toMatchObject([{ texts: ["old"], damaged: 0 }]);
    journal.dropLeft();
    journal.close();
    expect(readLeft()).toEqual(["new"]);
  });

  it("does without what was not written to its end, wherever that is", async () => {
    abandon("first", "second");
    const [name = ""] = (await readdir(folder)).filter((one) => one.endsWith(".1"));
    const whole = await readFile(join(folder, name));
    const end = whole.indexOf("\n") + 1;
    for (let length = 0; length < whole.length; length++) {
      await writeFile(join(folder, name), whole.subarray(0, length));
      expect(readLeft()).toEqual(length < end ? [] : ["first"]);
    }
    await writeFile(join(folder, name), whole);
    await appendFile(join(folder, name), "00000000torn");
    expect(readLeft()).toEqual(["first", "second"]);
  });

  it("does without a text of which any bit has changed, and keeps what follows it, and the file", async () => {
    abandon("first", "second", "third");
    const [name = ""] = (await readdir(folder)).filter((one) => one.endsWith(".1"));
    const whole = await readFile(join(folder, name));
    const begin = whole.indexOf("\n") + 1;
    const end = whole.indexOf("\n", begin);
    for (let bit = begin * 8; bit < end * 8; bit++) {
      const spoiled = Buffer.from(whole);
      spoiled[bit >> 3] = (spoiled[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      await writeFile(join(folder, name), spoiled);
      expect(readLeft()).toEqual(["first", "third"]);
    }
    const journal = new ReportJournal(database, "normal");
    expect(journal.readLeft()).toMatchObject([{ texts: ["first", "third"], damaged: 1 }]);
    journal.dropLeft();
    journal.close();
    expect(await readdir(folder)).toEqual([`${name}.damaged`]);
    expect(ReportJournal.exists(database)).toBe(false);
    abandon("another");
    expect(readLeft()).toEqual(["another"]);
  });

  it("is found without its empty file, and takes nothing else for a part of it", async () => {
    abandon("one");
    await rm(`${database}-reports`);
    await mkdir(`${database}-reports.7`);
    for (const other of ["99999999999999999999", "1x", "01"]) await writeFile(`${database}-reports.${other}`, "");
    expect(ReportJournal.exists(database)).toBe(true);
    expect(readLeft()).toEqual(["one"]);
  });

  it("is the same by whatever link its database is named", async () => {
    await writeFile(database, "");
    const link = join(folder, "link.db");
    await symlink(database, link);
    const journal = new ReportJournal(link, "normal");
    expect(() => new ReportJournal(database, "normal")).toThrow(StorageError);
    journal.close();
  });

  it("is nobody's while somebody writes to the tables, as several may", async () => {
    const [first, second] = [ReportJournal.keepAway(database), ReportJournal.keepAway(database)];
    expect(() => new ReportJournal(database, "normal")).toThrow("another server writes to this database");
    first();
    expect(() => new ReportJournal(database, "normal")).toThrow(StorageError);
    second();
    expect(await readdir(folder)).toEqual([]);
    const journal = new ReportJournal(database, "normal");
    expect(() => ReportJournal.keepAway(database)).toThrow("another server writes to this database");
    journal.close();
    ReportJournal.keepAway(database)();
  });

  it.each<[string, () => () => void]>([
    [
      "whoever has it",
      () => {
        const journal = new ReportJournal(database, "normal");
        return () => journal.close();
      },
    ],
    ["whoever keeps it away", () => ReportJournal.keepAway(database)],
  ])("can be let go of by %s when nobody can tell what is in the folder", async (_who, take) => {
    const letGo = take();
    await rm(folder, { recursive: true });
    letGo();
    await mkdir(folder);
  });

  it("is abandoned when nobody has it", async () => {
    const journal = new ReportJournal(database, "normal");
    journal.append("one");
    expect(ReportJournal.findAbandoned(database)).toEqual([]);
    journal.close();
    expect(ReportJournal.findAbandoned(database)).toEqual([`${database}-reports.1`]);
  });

  it("belongs to one at a time", () => {
    const journal = new ReportJournal(database, "normal");
    expect(() => new ReportJournal(database, "normal")).toThrow(StorageError);
    expect(() => new ReportJournal(database, "normal")).toThrow(`${database}-reports`);
    journal.close();
    abandon("mine");
    expect(readLeft()).toEqual(["mine"]);
  });
});
