import type { CommandEntry } from "@depid/command-line";
import type { Command } from "commander";
import type { Shutdown } from "./shutdown.ts";

/** Gives a command its arguments and flags, and an action that loads what carries it out. */
export type AddFlags = (command: Command, shutdown: Shutdown) => void;

/** A command, of which nothing is loaded before somebody asks for it; or a command of commands. */
export interface DepidCommand extends Pick<CommandEntry, "name" | "summary" | "examples"> {
  readonly load?: () => Promise<AddFlags>;
  readonly commands?: readonly DepidCommand[];
}
