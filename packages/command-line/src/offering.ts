import type { Option } from "commander";

/**
 * Lets help, man page and completion tell the values of an option whose own parser reads them: unlike commander's `choices`, which
 * takes the place of that parser, its rules of case and its words for what is wrong.
 */
export function offering(option: Option, values: readonly string[]): Option {
  option.argChoices = [...values];
  return option;
}
