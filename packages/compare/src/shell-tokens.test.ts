// biome-ignore-all lint/suspicious/noTemplateCurlyInString: shells write expansions so
import fc from "fast-check";
import { LangVariant, print } from "sh-syntax";
import { describe, expect, it } from "vitest";
import { findShellTokens } from "./shell-tokens.ts";

/**
 * What another reader of shells, mvdan/sh, takes this text for: on one line, without comments, in the words of its syntax tree.
 *
 * @throws when it finds that it is no shell code
 */
function normalOf(text: string): Promise<string> {
  return print(text, { variant: LangVariant.LangPOSIX, keepComments: false, singleLine: true });
}

async function haveSameNormal(before: string, after: string): Promise<boolean> {
  return (await normalOf(before)) === (await normalOf(after));
}

/** What we take for the same code. */
function haveSameTokens(before: string, after: string): boolean {
  const [one, other] = [findShellTokens(before), findShellTokens(after)];
  return one !== undefined && other !== undefined && one.tokens.join("\0") === other.tokens.join("\0");
}

describe("equal tokens are equal code to another reader of shells, and unequal ones are not:", () => {
  it.each([
    ["a line that goes on", "make all", "make \\\n    all"],
    ["a word that goes on", "ma\\\nke", "make"],
    ["other indentation, blank lines", "if a; then\nb\nfi", "if a;   then\n\n  b\nfi"],
    ["a comment behind a command", "a\nb", "a # c; d\nb"],
    ["a comment where a pipe goes on", "a |\nb", "a | # c\nb"],
    ["a comment that ends a line that goes on", "a \\\nb", "a \\\n# c\nb"],
    ["a comment in a case", "case a in\nb) c;;\nesac", "case a in # d\nb) c;; # e\nesac"],
    ["a comment behind a here-document's word", "cat <<EOF\na\nEOF", "cat <<EOF # x\na\nEOF\n# y"],
    ["a here-document", "cat <<EOF\n# a\nEOF", "cat <<EOF\n# b\nEOF"],
    ["a here-document with tabs", "cat <<-EOF\n\ta\n\tEOF", "cat <<-EOF\n\tb\n\tEOF"],
    ["# in a word", "echo a#b", "echo a#c"],
    ["# behind a quoted part", "echo 'a'#b", "echo 'a'#c"],
    ["# in quotes", 'echo "a # b"', 'echo "a # c"'],
    ["# in an expansion", "echo ${x#y}", "echo ${x#z}"],
    ["an escaped #", "echo \\# a", "echo \\# b"],
    ["# in backticks", "echo `a#b`", "echo `a#c`"],
    ["a descriptor", "echo 2>x", "echo 2 >x"],
    ["an assignment", "x=1 y", "x= 1 y"],
    ["a line end that ends a command", "a\nb", "a b"],
    ["a command in the background", "a & b", "a && b"],
  ])("%s", async (_what, before, after) => {
    expect(haveSameTokens(before, after)).toBe(await haveSameNormal(before, after));
  });

  it("and of any code that has comments, blank lines and other words put in", async () => {
    const word = fc.constantFrom(
      "a",
      "b1",
      "${B}",
      "'q # r'",
      '"s # t"',
      "${x#y}",
      "u#v",
      "$(w x)",
      "\\#",
      "`y`",
      "$#",
      "2>f",
    );
    const operator = fc.constantFrom(" ", " ", " ", " && ", " | ", "; ", " ||\n", " \\\n");
    const line = fc
      .array(fc.tuple(word, operator), { maxLength: 3 })
      .map((parts) => `c ${parts.map((part) => part.join("")).join("")}d`);
    const block = fc.oneof(
      { weight: 6, arbitrary: line },
      fc.constantFrom("cat <<EOF\n# no comment\nEOF", "cat <<-'END' | sort\n\t# nor this\n\tEND"),
      line.map((it) => `if a; then\n${it}\nfi`),
    );
    const added = fc.constantFrom("", "\n", "# e 'f", "\t\t# ${x", "  ");
    const text = fc.array(fc.tuple(added, block, fc.constantFrom("", " # g", " #")), { minLength: 1, maxLength: 4 });
    const write = (parts: readonly (readonly string[])[]) =>
      parts.map(([above, code, behind]) => `${above}\n${code}${code?.includes("\n") ? "" : behind}\n`).join("");
    const pair = fc
      .tuple(text, fc.array(added, { minLength: 4, maxLength: 4 }), fc.option(block, { freq: 1 }))
      .map(([parts, others, other]) => {
        const kept = parts.map(([, code], i) => [others[i] ?? "", code, ""]);
        return [write(parts), write(other === null ? kept : [...kept, ["", other, ""]])] as const;
      });
    let equal = 0;
    await fc.assert(
      fc.asyncProperty(pair, async ([before, after]) => {
        const same = haveSameTokens(before, after);
        if (same) equal += 1;
        expect(await haveSameNormal(before, after)).toBe(same);
      }),
      { numRuns: 60 },
    );
    expect(equal).toBeGreaterThan(5);
  });
});

describe("code that is the same to another reader is another one here, to be on the safe side:", () => {
  it.each([
    ["a line end in place of an operator", "a;b", "a\nb"],
    ["a comment behind an operator", "a;b", "a;#c\nb"],
    ["a comment in a substitution", "echo $(a # b\n)", "echo $(a # c\n)"],
  ])("%s", async (_what, before, after) => {
    expect(await haveSameNormal(before, after)).toBe(true);
    expect(haveSameTokens(before, after)).toBe(false);
  });
});
