import { CommanderError } from "commander";
import { expect, it } from "vitest";
import { formatManPage } from "./man.ts";
import { createProgram, pathOf, statusOf } from "./program.ts";

function create() {
  const said: string[] = [];
  const program = createProgram("depid", "does it", { out: () => {}, error: (text) => said.push(text) });
  const sub = program.command("import").command("git").description("reads .git - all");
  sub.option("--from <x>", "where").action(() => {});
  return { program, sub, said };
}

it.each([
  [["import"], "depid import: expected a command: git, help; see depid import --help\n"],
  [
    ["import", "git", "--form"],
    "depid import git: unknown option '--form' (did you mean --from?); see depid import git --help\n",
  ],
])("a wrong usage, %j, is one line that names the command, and exit status 2", (args, line) => {
  const { program, said } = create();
  let thrown: unknown;
  try {
    program.parse(args, { from: "user" });
  } catch (error) {
    thrown = error;
  }
  expect(said).toEqual([line]);
  expect(thrown).toBeInstanceOf(CommanderError);
  expect(statusOf(thrown as CommanderError)).toBe(2);
});

it("a command's page is named by its path, and escapes what man(7) would take for its own", () => {
  const { sub } = create();
  expect(pathOf(sub)).toBe("depid import git");
  expect(formatManPage(sub)).toContain("depid\\-import\\-git \\- reads .git \\- all\n");
});
