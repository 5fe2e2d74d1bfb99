import type { CommandEntry } from "@depid/command-line";
import type { Command } from "commander";
import type { Shutdown } from "./shutdown.ts";

/** Adds a command with its flags. */
export type AddCommand = (parent: Command, shutdown: Shutdown) => void;

/** A command, of which nothing is loaded before somebody asks for it; or a command of commands. */
export interface DepidCommand extends Pick<CommandEntry, "name" | "summary" | "examples"> {
  readonly load?: () => Promise<AddCommand>;
  readonly commands?: readonly DepidCommand[];
}
