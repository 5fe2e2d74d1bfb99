import { wholeNumber } from "@depid/command-line/flags";
import { type Command, Option } from "commander";
import type { OutHashFlags } from "./outhash.ts";

/** `depid outhash`: the text that OEOuthashBasic hashes of a folder, and what differs from another. Exit status 1 if any does. */
export function addOutHashFlags(command: Command): void {
  command
    .argument("<folder>", "a task's output, such as sysroot-destdir; or the text of one, temp/depsig.do_<task>")
    .option("--against <folder>", "another output, or the text of one")
    .option(
      "--method <name>",
      "basic or 2018; behind it +any-version, +interface, +files=PATTERN,…: what such a hash would see",
      "basic",
    )
    .option("--task <name>", "the task: do_package hashes times, too", "populate_sysroot")
    .option("--pkgspec <text>", "SSTATE_PKGSPEC (SSTATE_SWSPEC of tasks named by it)", "")
    .option("--hash-version <text>", "HASHEQUIV_HASH_VERSION")
    .option("--extra <text>", "HASHEQUIV_EXTRA_SIGDATA")
    .option("--owners", "owners count: the task runs under pseudo")
    .addOption(new Option("--source-date-epoch <seconds>", "SOURCE_DATE_EPOCH").argParser(wholeNumber(0)))
    .option("--filemap <text>", "SSTATE_HASHEQUIV_FILEMAP")
    .addOption(new Option("--json", "one JSON document on stdout"))
    .action(async (folder: string, flags: OutHashFlags) => (await import("./outhash.ts")).outhash(folder, flags));
}
